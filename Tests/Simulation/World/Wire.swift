internal import DequeModule

/// One direction of a connection: what is put on it arrives later, in its order, until it is cut.
final class Wire {
    private let timeline: Timeline
    private let dice: Dice
    private var underWay: Deque<() -> Void> = []
    private var last: Int64 = 0
    private var cutAt = Int64.max
    private var stalledUntil: Int64 = 0

    init(_ timeline: Timeline, _ dice: Dice) {
        self.timeline = timeline
        self.dice = dice
        timeline.atEnd { [weak self] in self?.underWay = [] }
    }

    func send(_ arrive: @escaping () -> Void) {
        underWay.append(arrive)
        last = max(last, timeline.now + dice.length(.microseconds(50) ... .milliseconds(4)))
        timeline.at(last) { [self] in arriveNext() }
    }

    private func arriveNext() {
        if timeline.now < stalledUntil {
            timeline.at(stalledUntil) { [self] in arriveNext() }
        } else if let arrive = underWay.popFirst(), timeline.now < cutAt {
            arrive()
        }
    }

    /// Nothing arrives from then on, whatever is on its way.
    func cut(at time: Int64) { cutAt = min(cutAt, time) }

    /// Nothing arrives before; then all of it.
    func stall(until time: Int64) {
        stalledUntil = max(stalledUntil, time)
        timeline.stall(until: time)
    }
}
