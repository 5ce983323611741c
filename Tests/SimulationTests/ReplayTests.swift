import TestSupport
import Testing

@Suite struct ReplayTests {
    /// Swift seeds its hashes anew in each process: an order that comes from a set or a dictionary would show here.
    @Test func `Two processes take the same way`() throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let ends = try (1...2).map { number in
            let process = try ChildProcess(
                BuiltProduct.simulate,
                ["--seeds", "30", "--jobs", "1"],
                output: folder.file("out\(number)")
            )
            return process.waitForEnd(within: 300)
        }
        #expect(ends == [.exited(0), .exited(0)])
        let hashes = (1...2).map { number in
            folder.read("out\(number)").split(separator: "; ").first { $0.hasPrefix("hash ") }
        }
        #expect(hashes[0] != nil)
        #expect(hashes[0] == hashes[1])
    }

    @Test func `A planted bug that is found is a success, and the seed shows it again`() throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let arguments = ["--planted", "ack-before-confirm"]
        let several = try ChildProcess(
            BuiltProduct.simulate,
            arguments + ["--seeds", "3"],
            output: folder.file("several")
        )
        #expect(several.waitForEnd(within: 100) == .exited(0))
        let text = folder.read("several")
        let seed = try #require(
            text.split(separator: "Tests/simulate --seed ").dropFirst().first?.split(separator: " ").first
        )
        let one = try ChildProcess(
            BuiltProduct.simulate,
            arguments + ["--seed", String(seed)],
            output: folder.file("one")
        )
        #expect(one.waitForEnd(within: 100) == .exited(0))
        #expect(folder.read("one").contains("VIOLATED"))
    }

    @Test func `Impossible options are a matter of usage`() throws {
        for arguments in [["--seeds", "0"], ["--seed", "1", "--hours", "1"], ["--planted", "none"]] {
            let process = try ChildProcess(BuiltProduct.simulate, arguments)
            #expect(process.waitForEnd(within: 30) == .exited(64))
        }
    }
}
