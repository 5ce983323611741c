/// The deadlines of the connections, soonest first: a binary heap. Cancelled ones stay in and are recognised when due.
struct TimerQueue {
    struct Timer {
        /// Nanoseconds of the monotonic clock.
        let deadline: UInt64
        let descriptor: Int32
        /// Number of the connection, because descriptors are used again.
        let connection: UInt64
    }

    private var heap: [Timer] = []

    var next: UInt64? { heap.first?.deadline }

    mutating func add(_ timer: Timer) {
        heap.append(timer)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].deadline < heap[parent].deadline else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Removes and returns the soonest timer when it is due at `now`.
    mutating func takeDue(at now: UInt64) -> Timer? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return first
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].deadline < heap[smallest].deadline {
                smallest = child
            }
            guard smallest != parent else { return }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
