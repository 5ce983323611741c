import Glibc

/// What was waited for and did not come.
package struct TimedOut: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// Waits, blocking the thread, until `condition` is true.
///
/// - Parameters:
///   - what: what should become true, for the message.
///   - seconds: how long at most, before `Patience`.
///   - state: what is seen instead, for the message.
package func eventually(
    _ what: String,
    within seconds: Double = 20,
    state: () throws -> Any = { "" },
    _ condition: () throws -> Bool
) throws {
    let limit = Patience.stretched(seconds)
    let end = Stopwatch()
    while true {
        if try condition() { return }
        if end.seconds > limit { throw TimedOut("not within \(limit) s: \(what). \(try state())") }
        usleep(20_000)
    }
}

/// Seconds since it was made, by a clock that nobody sets.
package struct Stopwatch: Sendable {
    private let start = Self.reading()

    package init() {}

    package var seconds: Double { Self.reading() - start }

    private static func reading() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
