import Conversion
import Delivery

/// Writes records of the delivery log as JSON objects of one line, straight from the event's bytes.
struct RecordWriter {
    /// Bytes of a value that are told at most.
    enum Limit {
        static let identifier = 800
        static let word = 200
        static let route = 2400
        static let sentence = 1000
        static let url = 8200
        static let answer = 512
    }

    /// `,"replica":"NAME"`, made once.
    private let replica: [UInt8]
    private var clock = RecordClock()

    init(replica name: String) {
        var text: [UInt8] = []
        _ = text.appendJSON(8192) { json in
            json.literal(",\"replica\":\"")
            Array(name.utf8).withUnsafeBufferPointer { json.text($0, limit: Limit.identifier) }
            json.literal("\"")
        }
        replica = text
    }

    /// Appends one object.
    /// - Returns: false when it was too large, which no record can be; nothing is appended then.
    mutating func write(_ record: borrowing DeliveryRecord, _ message: InboundMessage, into bytes: inout [UInt8])
        -> Bool
    {
        clock.set(record.at)
        let known = clock.text
        // One copy in place of one at each use: it is a member of a class.
        let event = message.event
        let capacity = Self.capacity(record, event)
        return bytes.appendJSON(capacity) { json in
            json.literal("{\"kind\":")
            json.literal(record.attempt == nil ? "\"not_sent\",\"at\":\"" : "\"attempt\",\"at\":\"")
            json.prepared(known)
            Self.thousandths(record.at, &json)
            json.literal("Z\"")
            if record.hasEvent { Self.event(event, &json) }
            Self.text(",\"route\":\"", record.route, from: record.routeStart, Limit.route, &json)
            json.literal(",\"verdict\":\"")
            json.literal(record.verdict)
            json.literal("\"")
            Self.string(",\"reason\":\"", record.reason, Limit.sentence, &json)
            Self.string(",\"rule\":\"", record.rule, Limit.word, &json)
            Self.end(record.end, &json)
            if let attempt = record.attempt {
                json.literal(",\"attempt\":")
                json.number(Int64(attempt.number))
                if let status = attempt.status {
                    json.literal(",\"status\":")
                    json.number(Int64(status))
                }
                Self.string(",\"error\":\"", attempt.error, Limit.sentence, &json)
            }
            Self.text(",\"host\":\"", record.host, Limit.identifier, &json)
            Self.url(record, &json)
            if let attempt = record.attempt { Self.attempt(attempt, &json) }
            if record.hasEvent, let occurred = event.occurredAt {
                json.literal(",\"age_ms\":")
                json.number(record.at - occurred)
            }
            json.prepared(replica)
            if record.hasEvent, event.isTest { json.literal(",\"test\":true") }
            Self.text(",\"replay\":\"", record.replay, Limit.word, &json)
            if let attempt = record.attempt { Self.text(",\"answer\":\"", attempt.answer, Limit.answer, &json) }
            json.literal("}")
        }
    }

    /// Room for the worst case: every byte of a value as six.
    private static func capacity(_ record: borrowing DeliveryRecord, _ event: borrowing ConversionEvent) -> Int {
        var values = min(record.route.count, Limit.route) + min(record.host.count, Limit.identifier)
        values += min(record.urlOrigin.count, Limit.url) + min(record.urlRest.count, Limit.url)
        values += min(record.reason?.utf8.count ?? 0, Limit.sentence) + min(record.replay.count, Limit.word)
        if let attempt = record.attempt {
            values += min(attempt.error?.utf8.count ?? 0, Limit.sentence) + min(attempt.peer.count, Limit.word)
            values += min(attempt.answer.count, Limit.answer)
        }
        if record.hasEvent {
            for field in Self.fields { values += min(Int(event.range(of: field)?.count ?? 0), Limit.identifier) }
        }
        // The rule, the reason's code and the next time are words; names, numbers and the replica take the rest.
        return values * 6 + Limit.word * 6 + 2000 + 6 * Limit.identifier
    }

    private static let fields: [EventField] = [.id, .publisherID, .offerID, .smartlinkID, .type]

    private static func thousandths(_ milliseconds: Int64, _ json: inout JSONCursor) {
        let rest = UInt64(max(0, milliseconds) % 1000)
        json.byte(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest / 100))
        json.byte(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest / 10 % 10))
        json.byte(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10))
    }

    private static func event(_ event: borrowing ConversionEvent, _ json: inout JSONCursor) {
        field(",\"event_id\":\"", .id, event, &json)
        field(",\"publisher_id\":\"", .publisherID, event, &json)
        field(",\"offer_id\":\"", .offerID, event, &json)
        field(",\"smartlink_id\":\"", .smartlinkID, event, &json)
        field(",\"type\":\"", .type, event, &json)
        if event.range(of: .status) != nil {
            json.literal(",\"status_of_event\":\"")
            json.literal(event.status.word)
            json.literal("\"")
        }
    }

    @inline(__always)
    private static func field(
        _ name: StaticString,
        _ field: EventField,
        _ event: borrowing ConversionEvent,
        _ json: inout JSONCursor
    ) {
        guard let range = event.range(of: field), range.count > 0 else { return }
        json.literal(name)
        event.storage.withUnsafeBufferPointer { bytes in
            json.text(UnsafeBufferPointer(rebasing: bytes[range.indices]), limit: Limit.identifier)
        }
        json.byte(UInt8(ascii: "\""))
    }

    private static func text(
        _ name: StaticString,
        _ value: [UInt8],
        from start: Int = 0,
        _ limit: Int,
        _ json: inout JSONCursor
    ) {
        if start >= value.count { return }
        json.literal(name)
        value.withUnsafeBufferPointer { json.text(UnsafeBufferPointer(rebasing: $0[start...]), limit: limit) }
        json.byte(UInt8(ascii: "\""))
    }

    private static func string(_ name: StaticString, _ value: String?, _ limit: Int, _ json: inout JSONCursor) {
        guard var value else { return }
        json.literal(name)
        value.withUTF8 { json.text($0, limit: limit) }
        json.byte(UInt8(ascii: "\""))
    }

    private static func url(_ record: borrowing DeliveryRecord, _ json: inout JSONCursor) {
        if record.urlRest.isEmpty { return }
        json.literal(",\"url\":\"")
        record.urlOrigin.withUnsafeBufferPointer { json.text($0, limit: Limit.url) }
        record.urlRest.withUnsafeBufferPointer { json.text($0, limit: Limit.url) }
        json.byte(UInt8(ascii: "\""))
    }

    private static func end(_ end: DeliveryRecord.End, _ json: inout JSONCursor) {
        json.literal(",\"end\":\"")
        json.literal(end.name)
        json.byte(UInt8(ascii: "\""))
        switch end {
        case .deadLetter(let reason): string(",\"dead_letter\":\"", reason, Limit.word, &json)
        case .retry(let next?): string(",\"next_at\":\"", Timestamp.text(next), Limit.word, &json)
        case .retry(nil), .delivered, .notSent: break
        }
    }

    private static func attempt(_ attempt: DeliveryRecord.Attempt, _ json: inout JSONCursor) {
        text(",\"peer\":\"", attempt.peer, Limit.word, &json)
        json.literal(",\"sends\":")
        json.number(Int64(attempt.sends))
        let timings = attempt.timings
        json.literal(",\"ms\":{\"queue\":")
        json.milliseconds(timings.queue)
        time(",\"dns\":", timings.dns, &json)
        time(",\"connect\":", timings.connect, &json)
        time(",\"tls\":", timings.tls, &json)
        time(",\"first_byte\":", timings.firstByte, &json)
        time(",\"total\":", timings.total, &json)
        json.literal("},\"bytes\":")
        json.number(Int64(attempt.bytes))
    }

    private static func time(_ name: StaticString, _ value: Int64?, _ json: inout JSONCursor) {
        guard let value else { return }
        json.literal(name)
        json.milliseconds(value)
    }
}

extension ConversionStatus {
    fileprivate var word: StaticString {
        switch self {
        case .approved: "approved"
        case .pending: "pending"
        case .rejected: "rejected"
        case .hold: "hold"
        case .reversed: "reversed"
        }
    }
}
