import TestSupport
import Testing

@testable import RabbitMQ

/// Properties of a message that goes on: copied, not decoded.
@Suite struct PropertyWriterTests {
    private func written(
        _ properties: [UInt8],
        headers: [(name: String, value: FieldValue?)] = []
    ) -> [UInt8] {
        var bytes: [UInt8] = [0xAA]
        let request = PublishRequest(
            token: 1,
            exchange: "",
            routingKey: "q",
            properties: properties,
            headers: headers,
            body: []
        )
        PropertyWriter(request: request, publishID: 9).write(to: &bytes)
        #expect(bytes.first == 0xAA)
        return Array(bytes.dropFirst())
    }

    private func read(_ bytes: [UInt8]) -> PublishedProperties {
        var reader = AMQPReader(bytes)
        let properties = PublishedProperties(&reader)
        #expect(reader.isAtEnd)
        return properties
    }

    /// Everything of a message but its headers.
    private static let all = AMQPWriter { writer in
        writer.short(0xfffc)
        writer.shortString("application/xml")
        writer.shortString("gzip")
        writer.table([])
        writer.octet(1)
        writer.octet(7)
        for text in ["correlation", "reply", "60000", "message"] { writer.shortString(text) }
        writer.longLong(1_800_000_000)
        for text in ["type", "guest", "app", "cluster"] { writer.shortString(text) }
    }
    .bytes

    @Test func `All stays but what expires, what names a user, and a message that is not on disk`() {
        let bytes = written(Self.all)
        #expect(bytes.suffix(8).elementsEqual([7] + "cluster".utf8))
        let properties = read(Array(bytes.dropLast(8)))
        #expect(properties.contentType == "application/xml" && properties.contentEncoding == "gzip")
        #expect(properties.headers == ["x-postback-publish-id": "9"])
        #expect(properties.deliveryMode == 2 && properties.priority == 7)
        #expect(properties.correlationID == "correlation" && properties.replyTo == "reply")
        #expect(properties.messageID == "message" && properties.timestamp == 1_800_000_000)
        #expect(properties.type == "type" && properties.appID == "app")
        #expect(properties.expiration == nil && properties.userID == nil)
    }

    @Test func `Cut off anywhere, the properties are those of a new message, with our headers`() {
        for length in 1..<Self.all.count {
            let properties = read(written(Array(Self.all[..<length]), headers: [("a", .integer(5))]))
            #expect(properties.contentType == "application/json" && properties.deliveryMode == 2)
            #expect(properties.headers == ["a": "5", "x-postback-publish-id": "9"])
        }
    }

    private static let kinds: [(kind: String, value: [UInt8])] = [
        ("V", []), ("t", [1]), ("b", [0xff]), ("B", [1]), ("s", [0, 1]), ("u", [0, 1]), ("I", [0, 0, 0, 1]),
        ("i", [0, 0, 0, 1]), ("f", [0, 0, 0, 1]), ("D", [2, 0, 0, 0, 1]), ("l", [0, 0, 0, 0, 0, 0, 0, 1]),
        ("L", [0, 0, 0, 0, 0, 0, 0, 1]), ("d", [0, 0, 0, 0, 0, 0, 0, 1]), ("T", [0, 0, 0, 0, 0, 0, 0, 1]),
        ("S", [0, 0, 0, 1, 0x61]), ("x", [0, 0, 0, 1, 0]), ("A", [0, 0, 0, 1, 0x56]),
        ("F", [0, 0, 0, 3, 1, 0x61, 0x56]),
    ]

    @Test(arguments: kinds)
    func `A header of every kind travels on byte for byte`(kind: String, value: [UInt8]) {
        let entry = [4] + Array("name".utf8) + Array(kind.utf8) + value
        let refused = [2] + Array("CC".utf8) + Array(kind.utf8) + value
        let replaced = [1] + Array("a".utf8) + Array(kind.utf8) + value
        let table = refused + entry + replaced
        let source = [0x20, 0, 0, 0, 0, UInt8(table.count)] + table
        let bytes = written(source, headers: [("a", .boolean(true))])
        let ours = [1, 0x61, 0x74, 1, 21] + Array("x-postback-publish-id".utf8) + [0x6C, 0, 0, 0, 0, 0, 0, 0, 9]
        // No content type where there was none; headers, and the mark that it is to be on disk.
        #expect(bytes == [0x30, 0, 0, 0, 0, UInt8(entry.count + ours.count)] + entry + ours + [2])
    }

    @Test func `Headers nested 30,000 deep are no deep call`() {
        let inner = AMQPWriter { $0.nestedTable(30_000) }.bytes
        let bytes = written([0x20, 0] + inner)
        #expect(bytes.count > inner.count)
    }

    @Test(arguments: 0..<300)
    func `Whatever the bytes are, what is written can be read`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var source = Self.all
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            source[Int.random(in: 0..<source.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        }
        let bytes = written(source)
        var again = FieldReader(bytes)
        let flags = again.number(UInt16.self) ?? 0
        #expect(flags & 0x3113 == 0x3000)
        for bit in stride(from: 15, through: 2, by: -1) where flags >> UInt16(bit) & 1 == 1 {
            switch bit {
            case 13: #expect(again.longBytes() != nil)
            case 12, 11: #expect(again.number(UInt8.self) != nil)
            case 6: #expect(again.number(UInt64.self) != nil)
            default: #expect(again.shortBytes() != nil)
            }
        }
        #expect(again.isAtEnd)
    }
}
