import Glibc
import RabbitMQ
import TestSupport
import Testing

/// Many publications in one write, to brokers that take them in pieces, refuse some, or hang up in between.
@Suite struct PublicationSendingTests {
    /// Bodies that cannot be taken for each other: number and length at both ends.
    private static func body(_ token: UInt64, _ count: Int) -> [UInt8] {
        let mark = Array("\(token):".utf8)
        return mark + [UInt8](repeating: UInt8(ascii: " "), count: max(0, count - 2 * mark.count)) + mark
    }

    private func requests(_ sizes: [Int]) -> [PublishRequest] {
        sizes.enumerated().map { index, size in
            PublishRequest(
                token: UInt64(index + 1),
                exchange: "",
                routingKey: "q",
                body: Self.body(UInt64(index + 1), size)
            )
        }
    }

    @Test func `Bodies over many frames and over the socket's room arrive whole and in order`() throws {
        // 6 MB to a broker that begins to read late: the writer is stopped within a message.
        let sizes = (0..<30).map { $0 % 3 == 0 ? 600_000 : ($0 % 3 == 1 ? 131_064 : 20) }
        let seen = Journal<Bool>()
        let broker = try ScriptedBroker { session in
            try session.greetPublisher()
            usleep(200_000)
            for (index, size) in sizes.enumerated() {
                let publication = try session.readPublication()
                seen.add(
                    publication.body == Self.body(UInt64(index + 1), size)
                        && publication.properties.headers == ["x-postback-publish-id": "\(index + 1)"]
                )
                if index % 10 == 9 { try session.confirm(UInt64(index + 1), multiple: true) }
            }
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        let fixture = try PublisherFixture(broker)
        defer { fixture.publisher.stop() }
        fixture.publisher.publish(requests(sizes))
        #expect(fixture.results.wait(count: sizes.count))
        #expect(seen.all == sizes.map { _ in true })
        #expect(fixture.outcomes.values.allSatisfy { $0 == .confirmed })
        #expect(broker.surprises.all == [])
    }

    @Test func `A broker that takes small frames gets small frames`() throws {
        let sizes = Journal<Int>()
        let broker = try ScriptedBroker { session in
            try session.greetPublisher(frameMax: 4096)
            for _ in 0..<5 { sizes.add(try session.read().payload.count) }
            try session.confirm(1)
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        let fixture = try PublisherFixture(broker)
        defer { fixture.publisher.stop() }
        fixture.publisher.publish(requests([10_000]))
        #expect(fixture.results.wait(count: 1))
        #expect(fixture.outcomes == [1: .confirmed])
        #expect(Array(sizes.all.dropFirst(2)) == [4088, 4088, 1824])
    }

    @Test func `Confirms are read while much is still to be written`() throws {
        let broker = try ScriptedBroker { session in
            try session.greetPublisher()
            for tag in UInt64(1)...500 {
                _ = try session.readPublication()
                try session.confirm(tag)
            }
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        // The window lets ten be out: without reading in between the writer would never come to its end.
        let fixture = try PublisherFixture(broker, window: 10)
        defer { fixture.publisher.stop() }
        fixture.publish(1...500)
        #expect(fixture.results.wait(count: 500))
        #expect(fixture.outcomes.values.allSatisfy { $0 == .confirmed })
    }

    @Test func `Returned, refused and confirmed messages of one batch are told apart`() throws {
        let broker = try ScriptedBroker { session in
            try session.greetPublisher()
            var publications: [BrokerSession.Publication] = []
            for _ in 0..<300 { publications.append(try session.readPublication()) }
            for (index, publication) in publications.enumerated() {
                let tag = UInt64(index + 1)
                switch tag % 3 {
                case 0:
                    try session.giveBack(publication, publishID: Int64(tag))
                    try session.confirm(tag)
                case 1: try session.refuse(tag)
                default: try session.confirm(tag)
                }
            }
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        let fixture = try PublisherFixture(broker)
        defer { fixture.publisher.stop() }
        fixture.publish(1...300)
        #expect(fixture.results.wait(count: 300))
        for (token, outcome) in fixture.outcomes {
            switch token % 3 {
            case 0: #expect(outcome == .returned("NO_ROUTE: queue q"))
            case 1: #expect(outcome == .refused)
            default: #expect(outcome == .confirmed)
            }
        }
        #expect(fixture.results.all.count == 300)
    }

    @Test func `One that cannot be encoded does not keep its batch, and takes no tag`() throws {
        let broker = try ScriptedBroker { session in
            try session.greetPublisher()
            for tag in UInt64(1)...4 {
                let publication = try session.readPublication()
                if publication.properties.headers["x-postback-publish-id"] == "\(tag)" { try session.confirm(tag) }
            }
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        let fixture = try PublisherFixture(broker)
        defer { fixture.publisher.stop() }
        var all = requests([10, 10, 10, 10, 10])
        all[2].headers = [("x", .bytes([UInt8](repeating: 1, count: 200_000)))]
        fixture.publisher.publish(all)
        #expect(fixture.results.wait(count: 5))
        #expect(fixture.outcomes[3]?.isUnencodable == true)
        #expect([1, 2, 4, 5].allSatisfy { fixture.outcomes[$0] == .confirmed })
    }

    @Test func `A channel that ends within a batch leaves each message unknown or publishes it again`() throws {
        let second = Journal<UInt64>()
        let broker = try ScriptedBroker { session in
            try session.greetPublisher()
            if session.number == 0 {
                for _ in 0..<20 { _ = try session.readPublication() }
                try session.confirm(5, multiple: true)
                try session.send(BrokerSession.closeChannel(404, "NOT_FOUND - no exchange 'nope'"))
                // What is sent meanwhile is read and thrown away, as RabbitMQ does, until the answer.
                while !(try session.read().payload.starts(with: [0, 20, 0, 41])) {}
                return
            }
            var tag: UInt64 = 0
            while true {
                let publication = try session.readPublication()
                let text = String(decoding: publication.body.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
                second.add(UInt64(text) ?? 0)
                tag += 1
                try session.confirm(tag)
            }
        }
        defer { broker.stop() }
        let fixture = try PublisherFixture(broker)
        defer { fixture.publisher.stop() }
        fixture.publisher.publish(requests([Int](repeating: 50_000, count: 100)))
        #expect(fixture.results.wait(count: 100))
        #expect(fixture.results.all.count == 100)
        #expect((1...5).allSatisfy { fixture.outcomes[$0] == .confirmed })
        let unknown = Set(fixture.outcomes.filter { $0.value.isUnknown }.keys)
        // In the order of the first time, each that is not unknown, and nothing else.
        #expect(unknown.isSuperset(of: 6...20))
        #expect(second.all == (UInt64(6)...100).filter { !unknown.contains($0) })
        #expect(broker.surprises.all == [])
    }
}
