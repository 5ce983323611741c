import CRabbitMQ
import Conversion
import Letters

@testable import RabbitMQ
@testable import Worker

/// The encoded properties of a message, as librabbitmq decodes them from a frame, with all that reads them: the worker's
/// headers, a dead letter, and what writes them again.
enum HeadersInput {
    nonisolated(unsafe) private static var event = ConversionEvent()

    static func feed(_ input: [UInt8]) {
        var republished = RepublishedProperties(input)
        // Whatever it is.
        _ = republished.written(input)
        var pool = amqp_pool_t()
        init_amqp_pool(&pool, 16 << 10)
        defer { empty_amqp_pool(&pool) }
        // Memory of just the size: what the library hands out points into it.
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: input.count, alignment: 1)
        memory.copyBytes(from: input)
        defer { memory.deallocate() }
        var decoded: UnsafeMutableRawPointer?
        let bytes = amqp_bytes_t(len: memory.count, bytes: memory.baseAddress)
        guard amqp_decode_properties(60, &pool, bytes, &decoded) == AMQP_STATUS_OK.rawValue, let decoded else { return }
        republished.check(decoded.assumingMemoryBound(to: amqp_basic_properties_t.self))
        let body = Array(#"{"id":"e","publisher_id":"1"}"#.utf8)
        body.withUnsafeBytes { body in
            read(
                IncomingMessage(
                    deliveryTag: 1,
                    redelivered: true,
                    body: body,
                    encodedProperties: UnsafeRawBufferPointer(memory),
                    properties: UnsafePointer(decoded.assumingMemoryBound(to: amqp_basic_properties_t.self))
                )
            )
        }
    }

    private static func read(_ message: IncomingMessage) {
        let headers = PostbackHeaders(message)
        promise((0...1_000_000).contains(headers.attempts), "attempts: \(headers.attempts)")
        promise((0...1_000_000).contains(headers.parked), "parked: \(headers.parked)")
        for time in [headers.notBefore, headers.firstAttemptAt, headers.parkedSince].compactMap({ $0 }) {
            promise((0...253_402_300_799_999).contains(time), "a time: \(time)")
        }
        if let trace = headers.traceparent {
            promise(trace.allSatisfy { $0 > 0x20 && $0 < 0x7f }, "a trace that can stand in a header")
        }
        let letter = Letter(message, decodingWith: &event)
        _ = (letter.host, letter.reason, letter.status, letter.identity, message.contentType.count)
    }
}
