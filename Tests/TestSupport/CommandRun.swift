/// One run of a `postback` command to its end.
package struct CommandRun {
    package let output: String
    package let errors: String
    /// Nil when it was killed, or had to be.
    package let exitCode: Int32?

    /// Runs it in the folder, so that files are named as they are in it, with at most 30 seconds, and `Patience`, to its end.
    ///
    /// - Parameters:
    ///   - input: its standard input.
    ///   - environment: on top of the test's own.
    package init(
        _ arguments: [String],
        in folder: TestFolder,
        input: String? = nil,
        environment: [String: String?] = [:]
    ) throws {
        let name = RandomName.make(6)
        if let input { try folder.write(input, to: "\(name).in") }
        let process = try ChildProcess(
            BuiltProduct.postback,
            arguments,
            environment: environment,
            folder: folder.path,
            input: input == nil ? "/dev/null" : folder.file("\(name).in"),
            output: folder.file("\(name).out"),
            errors: folder.file("\(name).err")
        )
        if case .exited(let code)? = process.waitForEnd(within: 30) {
            exitCode = code
        } else {
            _ = process.kill()
            exitCode = nil
        }
        output = folder.read("\(name).out")
        errors = folder.read("\(name).err")
    }
}
