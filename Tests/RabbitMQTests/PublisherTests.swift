import RabbitMQ
import TestSupport
import Testing

/// Confirms, refusals and returns, as a broker may send them.
@Suite struct PublisherTests {
    /// Publishes tokens 1 to `count`; the broker reads them all and then answers as scripted.
    private func outcomes(
        _ count: Int,
        window: Int = 1000,
        _ answer: @escaping @Sendable (BrokerSession, [BrokerSession.Publication]) throws -> Void
    ) throws -> [UInt64: PublishOutcome] {
        let broker = try ScriptedBroker { session in
            if session.number > 0 { return }
            try session.greetPublisher()
            let publications = try (0..<count).map { _ in try session.readPublication() }
            try answer(session, publications)
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        let fixture = try PublisherFixture(broker, window: window)
        defer { fixture.publisher.stop() }
        fixture.publish(1...UInt64(count))
        #expect(fixture.results.wait(count: count))
        fixture.publisher.stop()
        #expect(fixture.results.all.count == count)
        #expect(broker.surprises.all == [])
        return fixture.outcomes
    }

    private func all(_ outcome: PublishOutcome, _ count: UInt64) -> [UInt64: PublishOutcome] {
        Dictionary(uniqueKeysWithValues: (1...count).map { ($0, outcome) })
    }

    @Test func `Confirmed one by one`() throws {
        let outcomes = try outcomes(50) { session, _ in for tag in UInt64(1)...50 { try session.confirm(tag) } }
        #expect(outcomes == all(.confirmed, 50))
    }

    @Test func `Confirmed all at once`() throws {
        let outcomes = try outcomes(500) { session, _ in try session.confirm(500, multiple: true) }
        #expect(outcomes == all(.confirmed, 500))
    }

    @Test func `Confirmed out of order, single and multiple mixed`() throws {
        let outcomes = try outcomes(10) { session, _ in
            try session.confirm(9)
            try session.confirm(2)
            try session.confirm(5, multiple: true)
            try session.confirm(10)
            try session.confirm(0, multiple: true)
        }
        #expect(outcomes == all(.confirmed, 10))
    }

    @Test func `A nack is a refusal of that message alone, or of all up to it`() throws {
        let outcomes = try outcomes(6) { session, _ in
            try session.confirm(1)
            try session.refuse(4)
            try session.refuse(3, multiple: true)
            try session.confirm(6, multiple: true)
        }
        #expect(outcomes == [1: .confirmed, 2: .refused, 3: .refused, 4: .refused, 5: .confirmed, 6: .confirmed])
    }

    @Test func `A message that comes back is returned, though its acknowledgement follows`() throws {
        let outcomes = try outcomes(4) { session, publications in
            try session.giveBack(publications[1], publishID: 2)
            try session.giveBack(publications[3], publishID: 4)
            try session.confirm(4, multiple: true)
        }
        #expect(outcomes[1] == .confirmed)
        #expect(outcomes[2] == .returned("NO_ROUTE: queue q"))
        #expect(outcomes[3] == .confirmed)
        #expect(outcomes[4] == .returned("NO_ROUTE: queue q"))
    }

    @Test func `Returns of nobody's messages, and confirmations of nothing, are ignored`() throws {
        let outcomes = try outcomes(2) { session, publications in
            for publishID in [0, 3, -1, Int64.max, .min] { try session.giveBack(publications[0], publishID: publishID) }
            try session.confirm(99)
            try session.refuse(.max, multiple: false)
            try session.send(BrokerSession.message(tag: 1, Array("for nobody".utf8)))
            try session.send(.heartbeat)
            try session.confirm(2, multiple: true)
        }
        #expect(outcomes == all(.confirmed, 2))
    }

    @Test func `A connection cut before the answers leaves unknown outcomes`() throws {
        let outcomes = try outcomes(20) { session, _ in
            try session.confirm(5, multiple: true)
            session.stream.close()
        }
        #expect((1...5).allSatisfy { outcomes[$0] == .confirmed })
        #expect((6...20).allSatisfy { outcomes[$0]?.isUnknown == true })
    }

    @Test func `A channel closed by the broker leaves unknown outcomes with its words`() throws {
        let outcomes = try outcomes(3) { session, _ in
            try session.send(BrokerSession.closeChannel(404, "NOT_FOUND - no exchange 'nope'"))
            try session.expect(20, 41)
        }
        for token in UInt64(1)...3 {
            guard case .unknown(let reason) = outcomes[token] else {
                Issue.record("\(String(describing: outcomes[token]))")
                continue
            }
            #expect(reason.contains("no exchange 'nope'"))
        }
    }

    @Test func `What was not sent when the connection broke is sent on the next, with tags from one`() throws {
        let second = Journal<String>()
        let broker = try ScriptedBroker { session in
            try session.greetPublisher()
            if session.number == 0 {
                for _ in 0..<4 { _ = try session.readPublication() }
                return
            }
            for tag in UInt64(1)...6 {
                let publication = try session.readPublication()
                second.add("\(String(decoding: publication.body, as: UTF8.self)) \(publication.properties.headers)")
                try session.confirm(tag)
            }
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        // A window of four: the other six wait.
        let fixture = try PublisherFixture(broker, window: 4)
        defer { fixture.publisher.stop() }
        fixture.publisher.publish(
            (1...10).map { PublishRequest(token: $0, exchange: "", routingKey: "q", body: Array("\($0)".utf8)) }
        )
        #expect(fixture.results.wait(count: 10))
        #expect((1...4).allSatisfy { fixture.outcomes[$0]?.isUnknown == true })
        #expect((5...10).allSatisfy { fixture.outcomes[$0] == .confirmed })
        #expect(second.all == (5...10).map { #"\#($0) ["x-postback-publish-id": "\#($0 - 4)"]"# })
        #expect(fixture.isConnected(times: 2))
    }

    @Test func `No more than the window is out without an answer`() throws {
        let most = Journal<Int>()
        let broker = try ScriptedBroker { session in
            try session.greetPublisher()
            var confirmed: UInt64 = 0
            // Each confirmation lets one more in; were more than ten out, their frames would come without it.
            for read in 1...40 {
                _ = try session.readPublication()
                most.add(read - Int(confirmed))
                if read % 10 == 0 {
                    confirmed = UInt64(read)
                    try session.confirm(confirmed, multiple: true)
                }
            }
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        let fixture = try PublisherFixture(broker, window: 10)
        defer { fixture.publisher.stop() }
        fixture.publish(1...40)
        #expect(fixture.results.wait(count: 40))
        #expect(most.all.max() == 10)
    }

    @Test func `The first broker of the list that answers is taken`() throws {
        let broker = try ScriptedBroker { session in
            try session.greetPublisher()
            _ = try session.readPublication()
            try session.confirm(1)
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        let nobody = try BrokerURL(parsing: "amqp://worker:s3cret-pass@127.0.0.1:\(LoopbackListener().port)")
        let fixture = try PublisherFixture([nobody, try broker.url])
        defer { fixture.publisher.stop() }
        fixture.publish([1])
        #expect(fixture.results.wait(count: 1))
        #expect(fixture.outcomes == [1: .confirmed])
        let states = fixture.states.all
        #expect(states.first == .connecting)
        guard states.count >= 4, case .disconnected(let reason) = states[1] else {
            Issue.record("\(states)")
            return
        }
        #expect(reason.contains("127.0.0.1") && !reason.contains("s3cret-pass"))
        #expect(states[2...3] == [.connecting, .connected])
    }
}
