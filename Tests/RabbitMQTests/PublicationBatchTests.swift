import Testing

@testable import RabbitMQ

/// Publications as bytes, and what the socket took of them.
@Suite struct PublicationBatchTests {
    private func request(_ token: UInt64, bytes: Int = 10) -> PublishRequest {
        let body = [UInt8](repeating: UInt8(token & 0xff), count: bytes)
        return PublishRequest(token: token, exchange: "", routingKey: "q", body: body)
    }

    private struct Piece: Equatable {
        let type: UInt8
        let payload: [UInt8]
    }

    /// The frames, read one after another; nil when they do not end where the bytes do.
    private func frames(_ bytes: [UInt8]) -> [Piece]? {
        var reader = AMQPReader(bytes)
        var found: [Piece] = []
        while !reader.isAtEnd {
            let (type, channel, size) = (reader.octet(), reader.short(), Int(reader.long()))
            found.append(Piece(type: type, payload: reader.raw(size)))
            if channel != 1 || reader.octet() != 0xCE { return nil }
        }
        return found
    }

    @Test(arguments: [
        (0, []), (1, [1]), (4087, [4087]), (4088, [4088]), (4089, [4088, 1]), (8176, [4088, 4088]),
        (10_000, [4088, 4088, 1824]),
    ])
    func `A body is cut into frames as the broker takes them`(size: Int, parts: [Int]) throws {
        var batch = PublicationBatch(largestFrame: 4096)
        #expect(batch.append(request(7, bytes: size), publishID: 1) == nil)
        let found = try #require(frames(batch.bytes))
        #expect(found.map(\.type) == [1, 2] + parts.map { _ in 3 })
        #expect(found.dropFirst(2).map(\.payload.count) == parts)
        #expect(found.dropFirst(2).allSatisfy { $0.payload.allSatisfy { $0 == 7 } })
        #expect(found.allSatisfy { $0.payload.count + 8 <= 4096 })
        var header = AMQPReader(found[1].payload)
        #expect(header.long() == 60 << 16 && header.number(8) == UInt64(size))
    }

    @Test func `A message counts as sent with its last byte, and not with the one before`() {
        var whole = PublicationBatch(largestFrame: 512)
        var ends: [Int] = []
        for token in UInt64(1)...3 {
            #expect(whole.append(request(token, bytes: 600), publishID: token) == nil)
            ends.append(whole.bytes.count)
        }
        for cut in 0...whole.bytes.count {
            var batch = whole
            var sent: [UInt64] = []
            batch.took(cut) { sent.append($0) }
            let expected = ends.count { $0 <= cut }
            #expect(sent == Array(1...3).prefix(expected).map { UInt64($0) })
            #expect(batch.count == 3 - expected)
            #expect(batch.isWithinMessage == (cut > 0 && !ends.contains(cut)))
            // The rest goes out as it was, or goes back.
            if expected < 3 {
                #expect(batch.bytes[batch.sent...].elementsEqual(whole.bytes[cut...]))
                #expect(batch.takeBack().map(\.token) == Array(UInt64(expected) + 1...3))
            }
            #expect(batch.isEmpty && batch.bytes.isEmpty && batch.sent == 0 && !batch.isWithinMessage)
        }
    }

    @Test func `What cannot be encoded leaves nothing behind`() {
        var batch = PublicationBatch(largestFrame: 131_072)
        _ = batch.append(request(1), publishID: 1)
        let before = batch.bytes
        var tooLarge = request(2)
        tooLarge.headers = [("x", .text(String(repeating: "x", count: 130_000)))]
        #expect(batch.append(tooLarge, publishID: 2)?.contains("bytes of headers") == true)
        var tooLong = request(3)
        tooLong.routingKey = String(repeating: "k", count: 256)
        #expect(batch.append(tooLong, publishID: 2)?.contains("255") == true)
        #expect(batch.bytes == before && batch.count == 1)
    }

    @Test func `It is full at 64 KiB, whatever the last message brings`() {
        var batch = PublicationBatch(largestFrame: 131_072)
        var count = 0
        while !batch.isFull {
            count += 1
            _ = batch.append(request(UInt64(count), bytes: 1000), publishID: UInt64(count))
        }
        #expect(batch.bytes.count >= 64 << 10 && batch.bytes.count < 66 << 10)
    }
}
