import Foundation
import Synchronization

/// What several threads saw, in order, with a way to wait for it.
package final class Journal<Entry: Sendable>: Sendable {
    private let condition = NSCondition()
    /// The condition is the lock; the mutex only makes it a `Sendable`, since the thread sanitizer cannot see it.
    private let entries = Mutex<[Entry]>([])

    package init() {}

    package var all: [Entry] {
        condition.lock()
        defer { condition.unlock() }
        return entries.withLock { $0 }
    }

    package func takeAll() -> [Entry] {
        condition.lock()
        defer { condition.unlock() }
        return entries.withLock { entries in
            defer { entries = [] }
            return entries
        }
    }

    package func add(_ entry: Entry) { add([entry]) }

    package func add(_ more: [Entry]) {
        condition.lock()
        entries.withLock { $0 += more }
        condition.broadcast()
        condition.unlock()
    }

    /// Waits until the entries are as wanted.
    /// - Returns: false when they were not within 20 seconds and `Patience`, so that a broken test fails in place of hanging.
    package func wait(until isEnough: ([Entry]) -> Bool) -> Bool {
        let deadline = Date(timeIntervalSinceNow: Patience.stretched(20))
        condition.lock()
        defer { condition.unlock() }
        while !isEnough(entries.withLock { $0 }) {
            if !condition.wait(until: deadline) { return isEnough(entries.withLock { $0 }) }
        }
        return true
    }

    package func wait(count: Int) -> Bool { wait { $0.count >= count } }
}

/// A signal from one thread to another.
package typealias Signal = Journal<Bool>

extension Journal where Entry == Bool {
    package func give() { add(true) }
    /// - Returns: false when it was not given within that time.
    @discardableResult
    package func await() -> Bool { wait(count: 1) }
}
