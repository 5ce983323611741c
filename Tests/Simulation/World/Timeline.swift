internal import HeapModule

/// The simulated time and what is to happen in it. Of two things at one time the one that was noted first comes first.
final class Timeline {
    private struct Entry: Comparable {
        var time: Int64
        var sequence: Int
        var action: () -> Void

        static func < (left: Self, right: Self) -> Bool {
            (left.time, left.sequence) < (right.time, right.sequence)
        }

        static func == (left: Self, right: Self) -> Bool { left.sequence == right.sequence }
    }

    /// Nanoseconds since the run began.
    private(set) var now: Int64 = 0
    private(set) var steps = 0
    private var entries: Heap<Entry> = []
    private var sequence = 0
    private var endings: [() -> Void] = []

    func at(_ time: Int64, _ action: @escaping () -> Void) {
        sequence += 1
        entries.insert(Entry(time: max(now, time), sequence: sequence, action: action))
    }

    func after(_ length: Int64, _ action: @escaping () -> Void) { at(now + length, action) }

    /// Does the next thing, unless it lies beyond `end`.
    /// - Returns: false when nothing is left to do by then.
    func step(until end: Int64) -> Bool {
        guard let next = entries.min, next.time <= end else { return false }
        _ = entries.popMin()
        now = next.time
        steps += 1
        next.action()
        return true
    }

    /// Nothing that was put on a wire is held up beyond this.
    private(set) var stalledUntil: Int64 = 0

    func stall(until time: Int64) { stalledUntil = max(stalledUntil, time) }

    /// For what holds things that hold it until they happen.
    func atEnd(_ action: @escaping () -> Void) { endings.append(action) }

    /// What is still to happen never will; it may hold the world in a circle.
    func clear() {
        for end in endings { end() }
        endings = []
        entries = []
    }
}
