import Delivery
import Testing

/// A naive picture of what a broker knows of its consumer, with the rules by which it closes a channel; it drives a
/// `SettlementLedger` and complains as soon as the two part.
struct ConsumerModel {
    struct Message {
        var tag: UInt64
        var open: Int
        var isOrphan: Bool
    }

    var ledger = SettlementLedger()
    var now: Int64 = 0
    private var nextTag: UInt64 = 1
    /// Delivered on this connection and neither acknowledged nor given back.
    private(set) var outstanding: Set<UInt64> = []
    private(set) var settled: Set<UInt64> = []
    /// By slot.
    private(set) var live: [Int: Message] = [:]
    private var mostLive = 0

    mutating func receive() {
        let slot = ledger.received(tag: nextTag)
        if live[slot] != nil { Issue.record("slot \(slot) was given out twice") }
        live[slot] = Message(tag: nextTag, open: 1, isOrphan: false)
        mostLive = max(mostLive, live.count)
        if slot >= mostLive { Issue.record("slot \(slot) although only \(mostLive) were ever needed") }
        outstanding.insert(nextTag)
        nextTag += 1
    }

    mutating func open(_ slot: Int, extra: Int) {
        ledger.open(slot, extra: extra)
        live[slot]?.open += extra
    }

    mutating func close(_ slot: Int) {
        guard var message = live[slot] else { return }
        message.open -= 1
        let isOver = ledger.close(slot, now: now)
        if isOver != (message.open == 0) { Issue.record("closing \(message) said \(isOver)") }
        live[slot] = message.open == 0 ? nil : message
        if message.open == 0, !message.isOrphan { settled.insert(message.tag) }
    }

    mutating func giveBack(_ slot: Int) {
        guard let message = live.removeValue(forKey: slot) else { return }
        let tag = ledger.giveBack(slot)
        if message.isOrphan {
            if let tag { Issue.record("gave back \(tag), which the broker has already") }
        } else if tag != message.tag || outstanding.remove(message.tag) == nil {
            Issue.record("gave back \(String(describing: tag)) for \(message)")
        }
    }

    mutating func loseConnection() {
        ledger.connectionLost()
        outstanding = []
        settled = []
        nextTag = 1
        for slot in live.keys { live[slot]?.isOrphan = true }
    }

    @discardableResult
    mutating func flush(force: Bool) -> [SettlementLedger.Acknowledgement] {
        var acknowledgements: [SettlementLedger.Acknowledgement] = []
        ledger.takeAcknowledgements(now: now, force: force, into: &acknowledgements)
        for acknowledgement in acknowledgements { take(acknowledgement) }
        if force, !settled.isEmpty { Issue.record("\(settled) stay unacknowledged after a forced flush") }
        return acknowledgements
    }

    /// RabbitMQ closes the channel (406) for a tag that is not outstanding.
    private mutating func take(_ acknowledgement: SettlementLedger.Acknowledgement) {
        if !outstanding.contains(acknowledgement.tag) { Issue.record("\(acknowledgement) names no outstanding tag") }
        let named: Set<UInt64> =
            acknowledgement.multiple ? outstanding.filter { $0 <= acknowledgement.tag } : [acknowledgement.tag]
        if !named.isSubset(of: settled) {
            Issue.record("\(acknowledgement) acknowledges the unsettled \(named.subtracting(settled))")
        }
        outstanding.subtract(named)
        settled.subtract(named)
    }

    mutating func check() {
        if ledger.count != live.count { Issue.record("the ledger counts \(ledger.count) messages, not \(live.count)") }
        for (slot, message) in live where ledger.isOrphan(slot) != message.isOrphan {
            Issue.record("\(message) is no orphan")
        }
        switch ledger.timeUntilFlush(now: now) {
        case nil:
            if !settled.isEmpty { Issue.record("nothing would ever acknowledge \(settled)") }
        case let wait?:
            if settled.isEmpty { Issue.record("a wake-up for nothing") }
            if !(0...SettlementLedger.stragglerPatience).contains(wait) { Issue.record("a wake-up in \(wait) ns") }
        }
    }
}
