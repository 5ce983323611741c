package import Glibc
import Synchronization

/// A program that a test started. It is killed, and its end collected, at the latest when this object goes.
package final class ChildProcess: Sendable {
    package enum End: Sendable, Equatable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    package struct StartFailure: Error, CustomStringConvertible {
        package let description: String
    }

    package let pid: pid_t
    private let end = Mutex<End?>(nil)

    /// - Parameters:
    ///   - environment: set on top of the test's own; nil removes a variable.
    ///   - folder: where it runs; nil for where the test runs.
    ///   - input: the file that is its standard input.
    ///   - output: the file that its standard output is appended to, and so `errors`.
    package init(
        _ path: String,
        _ arguments: [String],
        environment: [String: String?] = [:],
        folder: String? = nil,
        input: String = "/dev/null",
        output: String = "/dev/null",
        errors: String = "/dev/null"
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let append = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, append, 0o644)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, append, 0o644)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The threads of a Swift program block signals, and children inherit that.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        // Swift does not see posix_spawn_file_actions_addchdir_np; env(1) changes the folder and becomes the program.
        let mover = folder.map { ["/usr/bin/env", "-C", $0] } ?? []
        let line = mover + [path] + arguments
        var words = line.map { strdup($0) } + [nil]
        var variables = Self.environment(with: environment).map { strdup($0) } + [nil]
        defer { for word in words + variables { free(word) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, line[0], &actions, &attributes, &words, &variables)
        if code != 0 { throw StartFailure(description: "\(path) does not start: \(String(cString: strerror(code)))") }
        self.pid = pid
    }

    deinit {
        _ = kill()
    }

    private static func environment(with changes: [String: String?]) -> [String] {
        var lines: [String] = []
        var next = environ
        while let entry = next.pointee {
            let line = String(cString: entry)
            let name = line.prefix { $0 != "=" }
            if !changes.keys.contains(String(name)) { lines.append(line) }
            next += 1
        }
        for case (let name, let value?) in changes { lines.append("\(name)=\(value)") }
        return lines
    }

    /// Nothing happens when it has ended already.
    package func signal(_ number: Int32) {
        end.withLock { if $0 == nil { Glibc.kill(pid, number) } }
    }

    /// How it ended; nil while it runs.
    package var ended: End? { collect(WNOHANG) }

    /// Waits for its end; nil when it still runs after so many seconds, and as many more as `Patience` adds.
    package func waitForEnd(within seconds: Double) -> End? { end(within: Patience.stretched(seconds)) }

    /// Whether it still runs after so many seconds, which are not stretched.
    package func runs(for seconds: Double) -> Bool { end(within: seconds) == nil }

    private func end(within seconds: Double) -> End? {
        let watch = Stopwatch()
        while true {
            if let end = ended { return end }
            if watch.seconds > seconds { return nil }
            usleep(5000)
        }
    }

    /// Kills it with SIGKILL, unless it has ended.
    package func kill() -> End? {
        signal(SIGKILL)
        return collect(0)
    }

    private func collect(_ options: Int32) -> End? {
        end.withLock { end in
            if let end { return end }
            var status: Int32 = 0
            while true {
                let result = waitpid(pid, &status, options)
                if result < 0, errno == EINTR { continue }
                if result != pid { return nil }
                break
            }
            let signal = status & 0x7f
            end = signal == 0 ? .exited(status >> 8 & 0xff) : .killed(signal: signal)
            return end
        }
    }
}
