import Testing

@testable import Simulation

/// The parts of the simulated broker that everything else stands on.
@Suite struct BrokerTests {
    private func channel(holding count: Int) -> (BrokerChannel, [Message]) {
        let (timeline, dice) = (Timeline(), Dice(seed: 1))
        let channel = BrokerChannel(
            lane: 0,
            prefetch: 10,
            up: Wire(timeline, dice),
            down: Wire(timeline, dice)
        )
        let messages = (1...count).map { Message(number: $0, parent: 0, headers: [], body: []) }
        for message in messages { _ = channel.hand(out: message) }
        return (channel, messages)
    }

    @Test func `An acknowledgement names a message that is out`() {
        let (channel, _) = channel(holding: 5)
        #expect(channel.take(3, multiple: true)?.map(\.message.number) == [1, 2, 3])
        #expect(channel.take(3, multiple: false) == nil)
        #expect(channel.take(2, multiple: true) == nil)
        #expect(channel.take(6, multiple: false) == nil)
        #expect(channel.take(5, multiple: false)?.map(\.message.number) == [5])
        #expect(channel.takeAll().map(\.message.number) == [4])
    }

    @Test func `Confirms in batches name all up to the first that is not settled`() {
        let (timeline, dice) = (Timeline(), Dice(seed: 4))
        let link = PublisherLink(up: Wire(timeline, dice), down: Wire(timeline, dice))
        link.settled = [3, 1, 2, 5]
        #expect(link.takeSettled() == (3, [5]))
        // Refused, and told alone.
        link.noteSent(4)
        link.settled = [6]
        #expect(link.takeSettled() == (nil, [6]))
        link.settled = [8, 7]
        #expect(link.takeSettled() == (8, []))
        link.settled = [11, 10]
        #expect(link.takeSettled() == (nil, [10, 11]))
    }

    @Test func `What is on a wire arrives in order, late or never`() {
        let (timeline, dice) = (Timeline(), Dice(seed: 2))
        let wire = Wire(timeline, dice)
        var arrived: [Int] = []
        for number in 0..<20 { wire.send { arrived.append(number) } }
        wire.stall(until: .seconds(1))
        timeline.at(.milliseconds(500)) { for number in 20..<30 { wire.send { arrived.append(number) } } }
        while timeline.step(until: .milliseconds(999)) {}
        #expect(arrived.isEmpty)
        while timeline.step(until: .seconds(2)) {}
        #expect(arrived == Array(0..<30))
        wire.send { arrived.append(30) }
        wire.cut(at: timeline.now)
        wire.send { arrived.append(31) }
        while timeline.step(until: .seconds(9)) {}
        #expect(arrived == Array(0..<30))
    }

    @Test func `Lengths stay within their range and reach all of it`() {
        let dice = Dice(seed: 3)
        let lengths = (0..<2000).map { _ in dice.length(10...10_000) }
        #expect(lengths.allSatisfy { (10...10_000).contains($0) })
        #expect(lengths.contains { $0 < 20 } && lengths.contains { $0 > 5000 })
    }
}
