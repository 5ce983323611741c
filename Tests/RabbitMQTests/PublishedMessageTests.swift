import RabbitMQ
import TestSupport
import Testing

/// What a publication looks like on the wire.
@Suite struct PublishedMessageTests {
    private func published(_ requests: [PublishRequest]) throws -> [BrokerSession.Publication] {
        let seen = Journal<BrokerSession.Publication>()
        let broker = try ScriptedBroker { session in
            try session.greetPublisher()
            var tag: UInt64 = 0
            while true {
                seen.add(try session.readPublication())
                tag += 1
                try session.confirm(tag)
            }
        }
        defer { broker.stop() }
        let fixture = try PublisherFixture(broker)
        defer { fixture.publisher.stop() }
        fixture.publisher.publish(requests)
        #expect(fixture.results.wait(count: requests.count))
        #expect(broker.surprises.all == [])
        return seen.all
    }

    /// The properties of a message as upstream and broker wrote them.
    private let incoming = AMQPWriter { writer in
        writer.short(0xfff8)
        writer.shortString("application/cloudevents+json")
        writer.shortString("identity")
        writer.table([
            ("traceparent", "S", .text("00-abc")),
            ("CC", "A", AMQPWriter { $0.longString([UInt8(ascii: "S")] + .text("other")) }.bytes),
            ("BCC", "S", .text("other")), ("x-death", "A", AMQPWriter { $0.longString([]) }.bytes),
            ("x-first-death-queue", "S", .text("a")), ("x-delivery-count", "l", .integer(Int64(3))),
            ("x-postback-attempt", "l", .integer(Int64(1))), ("x-postback-route", "S", .text("old")),
            ("x-postback-publish-id", "l", .integer(Int64(77))), ("custom", "t", [1]),
        ])
        writer.octet(1)
        writer.octet(4)
        for text in ["correlation", "reply-to", "60000", "message-id"] { writer.shortString(text) }
        writer.longLong(1_800_000_000)
        for text in ["type", "guest", "app"] { writer.shortString(text) }
    }
    .bytes

    @Test func `A new message is persistent, mandatory JSON`() throws {
        let request = PublishRequest(
            token: 5,
            exchange: "postback",
            routingKey: "conversions",
            headers: [
                ("a", .text("é")), ("b", .integer(-1)), ("c", .boolean(true)), ("d", .bytes([0x68, 0x69])),
                ("gone", nil),
            ],
            body: Array(#"{"id":"1"}"#.utf8)
        )
        let publication = try #require(try published([request]).first)
        #expect(publication.exchange == "postback")
        #expect(publication.routingKey == "conversions")
        #expect(publication.isMandatory)
        #expect(publication.body == Array(#"{"id":"1"}"#.utf8))
        #expect(publication.properties.contentType == "application/json")
        #expect(publication.properties.deliveryMode == 2)
        #expect(
            publication.properties.headers == [
                "a": "é", "b": "-1", "c": "true", "d": "hi", "x-postback-publish-id": "1",
            ]
        )
        #expect(publication.properties.messageID == nil && publication.properties.userID == nil)
    }

    @Test func `A message that goes on keeps its properties, but for what would re-route, expire or refuse it`() throws
    {
        let request = PublishRequest(
            token: 5,
            exchange: "",
            routingKey: "postback.retry.4s",
            properties: incoming,
            headers: [("x-postback-attempt", .integer(2)), ("x-postback-route", nil)],
            body: [0, 0xff, 10]
        )
        let publication = try #require(try published([request]).first)
        #expect(publication.exchange == "")
        #expect(publication.routingKey == "postback.retry.4s")
        #expect(publication.body == [0, 0xff, 10])
        let properties = publication.properties
        #expect(properties.contentType == "application/cloudevents+json")
        #expect(properties.contentEncoding == "identity")
        #expect(
            properties.headers == [
                "traceparent": "00-abc", "custom": "true", "x-postback-attempt": "2", "x-postback-publish-id": "1",
            ]
        )
        #expect(properties.deliveryMode == 2)
        #expect(properties.priority == 4)
        #expect(properties.correlationID == "correlation")
        #expect(properties.replyTo == "reply-to")
        #expect(properties.expiration == nil)
        #expect(properties.messageID == "message-id")
        #expect(properties.timestamp == 1_800_000_000)
        #expect(properties.type == "type")
        #expect(properties.userID == nil)
        #expect(properties.appID == "app")
    }

    @Test(arguments: [(20_000, true), (30_000, false)])
    func `A header nested thousands deep goes on or is refused, and never crashes`(depth: Int, fits: Bool) throws {
        let properties = AMQPWriter { writer in
            writer.short(1 << 13)
            writer.nestedTable(depth)
        }
        let arrived = Journal<Int>()
        let broker = try ScriptedBroker { session in
            try session.greetPublisher()
            try session.expect(60, 40)
            arrived.add(try session.read().payload.count)
            _ = try session.read()
            try session.confirm(1)
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        let fixture = try PublisherFixture(broker)
        defer { fixture.publisher.stop() }
        fixture.publisher.publish([
            PublishRequest(token: 1, exchange: "", routingKey: "q", properties: properties.bytes, body: [1])
        ])
        #expect(fixture.results.wait(count: 1))
        #expect((fixture.outcomes[1] == .confirmed) == fits)
        #expect((fixture.outcomes[1]?.isUnencodable == true) != fits)
        if fits { #expect(arrived.all.first ?? 0 > 6 * depth) }
    }

    @Test(
        arguments: [[0xff], [0xff, 0xff, 0xff], [0x20, 0x00, 0xff, 0xff, 0xff, 0xff], [0x80, 0x00, 200, 1]] as [[UInt8]]
    )
    func `Properties that cannot be read again become those of a new message`(properties: [UInt8]) throws {
        let request = PublishRequest(
            token: 1,
            exchange: "",
            routingKey: "q",
            properties: properties,
            headers: [("a", .integer(1))],
            body: [1]
        )
        let publication = try #require(try published([request]).first)
        #expect(publication.properties.contentType == "application/json")
        #expect(publication.properties.headers == ["a": "1", "x-postback-publish-id": "1"])
    }

    @Test(arguments: [0, 1, 131_063, 131_064, 131_065, 262_144])
    func `Bodies of any size arrive whole`(size: Int) throws {
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let requests = (1...2).map { PublishRequest(token: $0, exchange: "", routingKey: "q", body: body) }
        #expect(try published(requests).map(\.body) == [body, body])
    }

    @Test func `What cannot be encoded is said so at once, and the connection lives on`() throws {
        let seen = Journal<String>()
        let broker = try ScriptedBroker { session in
            if session.number > 0 { throw SocketFailure.ended }
            try session.greetPublisher()
            for tag in UInt64(1)...2 {
                seen.add(try session.readPublication().routingKey)
                try session.confirm(tag)
            }
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        let fixture = try PublisherFixture(broker)
        defer { fixture.publisher.stop() }
        func request(_ token: UInt64, exchange: String = "", key: String = "q", header: Int = 0) -> PublishRequest {
            PublishRequest(
                token: token,
                exchange: exchange,
                routingKey: key,
                headers: [("h", .bytes(Array(repeating: 65, count: header)))],
                body: [1]
            )
        }
        fixture.publisher.publish([
            request(1, key: "first"), request(2, key: String(repeating: "k", count: 256)),
            request(3, exchange: String(repeating: "e", count: 256)), request(4, header: 200_000),
            request(5, key: "last"),
        ])
        #expect(fixture.results.wait(count: 5))
        #expect(fixture.outcomes[1] == .confirmed)
        #expect((2...4).allSatisfy { fixture.outcomes[$0]?.isUnencodable == true })
        #expect(fixture.outcomes[5] == .confirmed)
        #expect(seen.all == ["first", "last"])
        #expect(fixture.states.all == [.connecting, .connected])
    }
}
