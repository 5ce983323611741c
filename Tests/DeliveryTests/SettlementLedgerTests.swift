import TestSupport
import Testing

@testable import Delivery

@Suite struct SettlementLedgerTests {
    private typealias Acknowledgement = SettlementLedger.Acknowledgement

    @Test(arguments: 0..<40)
    func `Over random days the broker never has a reason to complain`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var model = ConsumerModel()
        let window = [4, 40, 400][Int(seed % 3)]
        for _ in 0..<6000 {
            model.now += Int64.random(in: 0...400_000, using: &generator)
            let slot = model.live.keys.randomElement(using: &generator)
            switch (Int.random(in: 0..<1000, using: &generator), slot) {
            case (..<400, _): if model.live.count < window { model.receive() }
            case (400..<470, let slot?): model.open(slot, extra: Int.random(in: 0...3, using: &generator))
            case (470..<860, let slot?): model.close(slot)
            case (860..<890, let slot?): model.giveBack(slot)
            case (890..<990, _): model.flush(force: false)
            case (990..<997, _): model.flush(force: true)
            case (999, _): model.loseConnection()
            default: break
            }
            model.check()
        }
        while let slot = model.live.keys.first { model.close(slot) }
        model.flush(force: true)
        model.check()
        #expect(model.outstanding.isEmpty && model.ledger.count == 0)
    }

    @Test(arguments: 0..<20)
    func `Waking when it asks to, a loop acknowledges everything settled within its patience`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var model = ConsumerModel()
        for _ in 0..<200 { model.receive() }
        for slot in model.live.keys.shuffled(using: &generator).prefix(Int.random(in: 1...199, using: &generator)) {
            model.close(slot)
        }
        let start = model.now
        var wakeUps = 0
        while let wait = model.ledger.timeUntilFlush(now: model.now), wakeUps < 10 {
            model.now += wait
            model.flush(force: false)
            wakeUps += 1
        }
        #expect(model.settled.isEmpty)
        #expect(wakeUps <= 2)
        #expect(model.now - start <= SettlementLedger.patience + SettlementLedger.stragglerPatience)
    }

    private func take(_ ledger: inout SettlementLedger, now: Int64, force: Bool = false) -> [Acknowledgement] {
        var result: [Acknowledgement] = []
        ledger.takeAcknowledgements(now: now, force: force, into: &result)
        return result
    }

    @Test func `A prefix is one acknowledgement, once there are enough or they waited 2 ms`() {
        var ledger = SettlementLedger()
        let slots = (1...100).map { ledger.received(tag: $0) }
        for slot in slots[..<31] { _ = ledger.close(slot, now: 0) }
        #expect(take(&ledger, now: 1_999_999) == [])
        #expect(ledger.timeUntilFlush(now: 1_999_999) == 1)
        #expect(take(&ledger, now: 2_000_000) == [Acknowledgement(tag: 31, multiple: true)])
        #expect(ledger.timeUntilFlush(now: 2_000_000) == nil)
        for slot in slots[31..<63] { _ = ledger.close(slot, now: 2_000_001) }
        #expect(take(&ledger, now: 2_000_001) == [Acknowledgement(tag: 63, multiple: true)])
        #expect(ledger.count == 37)
    }

    @Test func `What was acknowledged alone is never named again by a multiple`() {
        // PERFORMANCE section 8, trap 1: 7 alone, then 1 to 6 finish; "multiple up to 7" closes the channel.
        var ledger = SettlementLedger()
        let slots = (1...8).map { ledger.received(tag: $0) }
        _ = ledger.close(slots[6], now: 0)
        #expect(take(&ledger, now: 0, force: true) == [Acknowledgement(tag: 7, multiple: false)])
        for slot in slots[..<6] { _ = ledger.close(slot, now: 1) }
        #expect(take(&ledger, now: 1, force: true) == [Acknowledgement(tag: 6, multiple: true)])
        _ = ledger.close(slots[7], now: 2)
        #expect(take(&ledger, now: 2, force: true) == [Acknowledgement(tag: 8, multiple: true)])
    }

    @Test func `One that hangs holds the others up for 50 ms and no longer`() {
        var ledger = SettlementLedger()
        let hanging = ledger.received(tag: 1)
        let others = (2...5).map { ledger.received(tag: $0) }
        for slot in others { _ = ledger.close(slot, now: 0) }
        #expect(take(&ledger, now: 2_000_000) == [])
        #expect(ledger.timeUntilFlush(now: 2_000_000) == 48_000_000)
        #expect(take(&ledger, now: 49_999_999) == [])
        #expect(take(&ledger, now: 50_000_000) == (2...5).map { Acknowledgement(tag: $0, multiple: false) })
        #expect(ledger.timeUntilFlush(now: 50_000_000) == nil)
        _ = ledger.close(hanging, now: 60_000_000)
        #expect(take(&ledger, now: 62_000_000) == [Acknowledgement(tag: 1, multiple: true)])
    }

    @Test func `A message is settled by its last delivery`() {
        var ledger = SettlementLedger()
        let slot = ledger.received(tag: 1)
        ledger.open(slot, extra: 2)
        #expect(ledger.close(slot, now: 0) == false)
        #expect(ledger.close(slot, now: 0) == false)
        #expect(take(&ledger, now: 9_000_000, force: true) == [])
        #expect(ledger.timeUntilFlush(now: 0) == nil)
        #expect(ledger.close(slot, now: 0) == true)
        #expect(take(&ledger, now: 0, force: true) == [Acknowledgement(tag: 1, multiple: true)])
    }

    @Test func `After a lost connection old tags are void and the new ones begin at 1`() {
        var ledger = SettlementLedger()
        let slots = (1...3).map { ledger.received(tag: $0) }
        _ = ledger.close(slots[0], now: 0)
        ledger.connectionLost()
        #expect(take(&ledger, now: 9, force: true) == [])
        let again = ledger.received(tag: 1)
        #expect(ledger.isOrphan(slots[1]) && !ledger.isOrphan(again))
        #expect(ledger.close(slots[1], now: 9) == true)
        #expect(ledger.giveBack(slots[2]) == nil)
        #expect(take(&ledger, now: 9, force: true) == [])
        #expect(ledger.close(again, now: 9) == true)
        #expect(take(&ledger, now: 9, force: true) == [Acknowledgement(tag: 1, multiple: true)])
        #expect(ledger.count == 0)
    }

    @Test func `What goes back no longer holds the others up`() {
        var ledger = SettlementLedger()
        let slots = (1...3).map { ledger.received(tag: $0) }
        _ = ledger.close(slots[1], now: 0)
        #expect(ledger.giveBack(slots[0]) == 1)
        #expect(take(&ledger, now: 2_000_000) == [Acknowledgement(tag: 2, multiple: true)])
    }
}
