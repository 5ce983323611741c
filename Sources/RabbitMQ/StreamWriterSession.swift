internal import CRabbitMQ
internal import CShims
internal import Glibc

/// One connection of a stream writer, with its channel in confirm mode. Confined to the writer's thread.
@safe final class StreamWriterSession {
    /// What the broker has said since the last look.
    struct Answers {
        var settled = StreamWindow.Settled()
        /// Records among them that are lost: refused, or sent back because there is no such stream.
        var refused = 0
        /// The broker cannot write them now.
        var isRefusing = false
    }

    private let connection: Connection
    private let stream: String
    private var window = StreamWindow()
    private var returning: (expected: Int, seen: Int)?
    /// Records that came back and whose confirm is still to come.
    private var returned = 0
    private(set) var blockedReason: String?
    /// Over TLS, and when the broker's frames are smaller than our records, the library writes.
    private let usesLibrary: Bool

    var descriptor: Int32 { connection.descriptor }
    var unconfirmed: Int { window.count }
    var hasBufferedInput: Bool { connection.hasBufferedInput }

    /// Throws `closed(code: 404)` when there is no such stream.
    init(to url: BrokerURL, tls: BrokerTLS, name: String, stream: String) throws(AMQPError) {
        connection = try Connection(to: url, tls: tls, name: name)
        self.stream = stream
        connection.boundWrites(milliseconds: 10_000)
        usesLibrary = !connection.takesOwnFrames || connection.largestFrame < StreamBatch.bodyLimit + Frame.overhead
        connection.arena.reset()
        unsafe amqp_queue_declare(
            connection.state,
            Connection.channel,
            connection.arena.bytes(stream),
            1,
            0,
            0,
            0,
            amqp_empty_table
        )
        try connection.check("looking for the stream \(stream)")
        unsafe amqp_confirm_select(connection.state, Connection.channel)
        try connection.check("asking for publisher confirms")
        connection.releaseFrames()
    }

    func close() { connection.close() }

    /// What was sent and not confirmed.
    func lost() -> (left: [StreamBatch], over: StreamWindow.Settled) { window.lost() }

    /// Sends a batch, waiting for the broker to take it; ten seconds without progress are an error.
    func send(_ batch: StreamBatch) throws(AMQPError) {
        window.sent(batch)
        if usesLibrary {
            try sendThroughLibrary(batch)
        } else {
            try connection.send(batch.bytes, patience: 10_000, during: "writing to \(stream)")
        }
    }

    private func sendThroughLibrary(_ batch: StreamBatch) throws(AMQPError) {
        for index in 0..<batch.count {
            let arena = connection.arena
            arena.reset()
            var properties = unsafe amqp_basic_properties_t()
            unsafe properties._flags = UInt32(AMQP_BASIC_CONTENT_TYPE_FLAG)
            unsafe properties.content_type = unsafe arena.bytes("application/json")
            let status = unsafe batch.body(at: index).withUnsafeBytes { body in
                unsafe amqp_basic_publish(
                    connection.state,
                    Connection.channel,
                    amqp_empty_bytes,
                    arena.bytes(stream),
                    1,
                    0,
                    &properties,
                    amqp_bytes_t(len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress))
                )
            }
            if status != AMQP_STATUS_OK.rawValue { throw AMQPError(status: status, during: "writing to \(stream)") }
        }
    }

    /// Reads all answers that are there.
    func read(_ answers: inout Answers) throws(AMQPError) {
        var frame = unsafe amqp_frame_t()
        while unsafe try connection.nextFrame(&frame) {
            switch unsafe Int32(frame.frame_type) {
            case AMQP_FRAME_METHOD: unsafe try method(frame.payload.method, &answers)
            case AMQP_FRAME_HEADER:
                let size = unsafe Int(clamping: frame.payload.properties.body_size)
                returning = returning == nil || size == 0 ? nil : (size, 0)
            case AMQP_FRAME_BODY:
                if let message = returning {
                    let seen = unsafe message.seen + frame.payload.body_fragment.len
                    returning = seen >= message.expected ? nil : (message.expected, seen)
                }
            default: break
            }
            if returning == nil { connection.releaseFrames() }
        }
    }

    private func method(_ method: amqp_method_t, _ answers: inout Answers) throws(AMQPError) {
        switch unsafe method.id {
        case UInt32(AMQP_BASIC_ACK_METHOD):
            guard let decoded = unsafe method.decoded else { return }
            let ack = unsafe decoded.assumingMemoryBound(to: amqp_basic_ack_t.self).pointee
            let settled = note(window.answered(tag: ack.delivery_tag, multiple: ack.multiple != 0), &answers)
            // What came back is confirmed too, after it came: then it is lost.
            answers.refused += min(returned, settled)
            returned -= min(returned, settled)
        case UInt32(AMQP_BASIC_NACK_METHOD):
            guard let decoded = unsafe method.decoded else { return }
            let nack = unsafe decoded.assumingMemoryBound(to: amqp_basic_nack_t.self).pointee
            answers.refused += note(
                window.answered(tag: nack.delivery_tag, multiple: nack.multiple != 0),
                &answers
            )
            answers.isRefusing = true
        case UInt32(AMQP_BASIC_RETURN_METHOD):
            returned += 1
            answers.isRefusing = true
            returning = (.max, 0)
        default:
            switch unsafe try connection.notice(method) {
            case .blocked(let reason): blockedReason = reason
            case .unblocked: blockedReason = nil
            case .consumerCancelled, nil: break
            }
        }
    }

    private func note(_ settled: StreamWindow.Settled, _ answers: inout Answers) -> Int {
        answers.settled.answered += settled.answered
        answers.settled.records += settled.records
        answers.settled.bytes += settled.bytes
        return settled.answered
    }
}
