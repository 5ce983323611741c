import Glibc
import Synchronization

/// Where finished log lines go: one `write` per line.
package struct LogOutput: Sendable {
    /// Takes one whole line, its newline included.
    let write: @Sendable ([UInt8]) -> Void

    /// An output of your own, for example to collect lines in a test.
    package init(write: @escaping @Sendable ([UInt8]) -> Void) {
        self.write = write
    }

    /// Standard error.
    ///
    /// A reader that does not read (a stuck log collector) must not stop the deliveries: when the pipe has been full
    /// for 100 ms the line is dropped and counted in `droppedLines`, and until there is room again no line waits.
    package static let standardError = LogOutput { line in
        StandardError.write(line)
    }

    /// Lines that standard error did not take, since the start.
    package static var droppedLines: UInt64 { StandardError.dropped.load(ordering: .relaxed) }
}

private enum StandardError {
    static let dropped = Atomic<UInt64>(0)

    /// Whether the last line was dropped. Holding the lock while writing keeps long lines (over PIPE_BUF, which the
    /// kernel may split) from mixing.
    private static let isStuck = Mutex(false)

    static func write(_ line: [UInt8]) {
        let isWritten = isStuck.withLock { isStuck in
            var descriptor = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
            guard poll(&descriptor, 1, isStuck ? 0 : 100) != 0 else {
                isStuck = true
                return false
            }
            isStuck = false
            return writeAll(line)
        }
        if !isWritten { dropped.wrappingAdd(1, ordering: .relaxed) }
    }

    /// One `write`; more only where the kernel took part of the line.
    private static func writeAll(_ line: [UInt8]) -> Bool {
        line.withUnsafeBytes { buffer in
            guard var next = buffer.baseAddress else { return true }
            var left = buffer.count
            while left > 0 {
                let written = Glibc.write(STDERR_FILENO, next, left)
                if written > 0 {
                    next += written
                    left -= written
                } else if written < 0, errno != EINTR {
                    return false
                }
            }
            return true
        }
    }
}
