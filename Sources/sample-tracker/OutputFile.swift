import Glibc

/// A file written without a buffer of ours, so that a kill at any moment loses nothing that was recorded.
final class OutputFile {
    static var standardOutput: OutputFile { OutputFile(descriptor: STDOUT_FILENO, name: "stdout") }

    /// Says something on stderr; when that fails too, there is nobody left to tell.
    static func complain(_ text: String) {
        let line = Array("sample-tracker: \(text)\n".utf8)
        _ = line.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    private let descriptor: Int32
    private let name: String
    private var failed = false

    init(path: String) throws {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        name = path
        guard descriptor >= 0 else { throw TrackerError("cannot open \(path) for appending", code: errno) }
    }

    private init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// Writes all of it, waiting where a pipe is full. After a failure nothing more is written, and stderr has said so.
    func write(_ bytes: [UInt8]) {
        guard !failed else { return }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written) }
            if count > 0 {
                written += count
            } else if errno != EINTR {
                failed = true
                Self.complain(TrackerError("cannot write to \(name), nothing more goes there", code: errno).description)
                return
            }
        }
    }
}
