import Foundation
import Glibc
import Synchronization
import Testing

/// A running `sample-tracker`, as its users run it. Ends with this object, and with the test process at the latest.
final class TrackerProcess {
    let port: UInt16
    private let pid: pid_t
    /// Our end of its stdin.
    private var input: Int32
    private var hasEnded = false

    /// Two tests that start a tracker at once would hand each other's pipes down to their children.
    private static let starting = Mutex(())

    init(_ arguments: String...) throws {
        let started = try Self.starting.withLock { _ in
            try Self.start(["--listen", "127.0.0.1:0", "--until-stdin-closes"] + arguments)
        }
        pid = started.pid
        input = started.input
        defer { close(started.output) }
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while read(started.output, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
        let text = String(decoding: line, as: UTF8.self)
        port = text.split(separator: ":").last.flatMap { UInt16($0) } ?? 0
        #expect(text == "listening on 127.0.0.1:\(port)")
    }

    private static func start(_ arguments: [String]) throws -> (pid: pid_t, input: Int32, output: Int32) {
        // The build puts the executable beside the test bundle.
        let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let path = bundle.deletingLastPathComponent().appendingPathComponent("sample-tracker").path
        var pipes: [Int32] = [-1, -1, -1, -1]
        for first in [0, 2] {
            try #require(pipes[first...].withUnsafeMutableBufferPointer { pipe($0.baseAddress!) } == 0)
        }
        for descriptor in pipes { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pipes[0], STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, pipes[3], STDOUT_FILENO)
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var pid: pid_t = 0
        let failure = posix_spawn(&pid, path, &actions, nil, &words, environ)
        close(pipes[0])
        close(pipes[3])
        try #require(failure == 0, "cannot start \(path): \(String(cString: strerror(failure)))")
        return (pid, pipes[1], pipes[2])
    }

    deinit {
        if !hasEnded { _ = stop() }
        if input >= 0 { close(input) }
    }

    /// Ends it with SIGTERM. Returns its exit code, or nil when a signal killed it.
    func stop() -> Int32? {
        kill(pid, SIGTERM)
        return waitForEnd()
    }

    /// Closes its stdin, as the end of the test process would.
    func closeInput() {
        close(input)
        input = -1
    }

    func waitForEnd() -> Int32? {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        hasEnded = true
        return status & 0x7f == 0 ? status >> 8 & 0xff : nil
    }

    func connect() throws -> RawClient {
        try RawClient(port: port)
    }

    /// One request on a connection of its own.
    func get(_ target: String) throws -> RawClient.Reply {
        let client = try connect()
        try client.send("GET \(target) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
        return try client.readReply()
    }

    /// The body of a GET, read as one JSON object.
    func object(_ target: String) throws -> [String: Any] {
        let body = Data(try get(target).body)
        return try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any])
    }

    /// All that was recorded, in order.
    func requests(_ query: String = "") throws -> [[String: Any]] {
        try get("/_requests" + query).body.split(separator: UInt8(ascii: "\n")).map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
        }
    }
}
