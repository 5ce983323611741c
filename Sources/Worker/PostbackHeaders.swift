import Conversion
import Delivery
package import RabbitMQ

/// The headers of a message that mean something to the worker (CONTRACT section 4), as they came. Times in
/// milliseconds since the Unix epoch.
package struct PostbackHeaders {
    typealias Name = PostbackHeader

    /// The postback this message is for; nil for one that is still to be resolved.
    var route: [UInt8]?
    var attempts = 0
    var firstAttemptAt: Int64?
    var notBefore: Int64?
    /// How often it went to the ladder without an attempt since its last one, and since when.
    var parked = 0
    var parkedSince: Int64?
    var lastStatus: Int64?
    var lastError: [UInt8]?
    var history: String?
    /// The replay that published it again.
    var replayedFrom: [UInt8]?
    /// The template that a replay wants sent in place of the route's own of today; nil for today's.
    var originalTemplate: String?
    /// W3C Trace Context, passed on to the destination.
    var traceparent: [UInt8]?
    var cloudEvent: CloudEventAttributes?

    package init() {}

    init(_ message: borrowing IncomingMessage) {
        var reading = Reading()
        message.forEachHeader { reading.take($0, $1) }
        self = reading.headers
    }

    /// Reading them one by one, whoever holds them.
    package struct Reading {
        private var read = PostbackHeaders()
        private var cloudEvent = CloudEventAttributes()
        private var isCloudEvent = false
        private var template: [UInt8]?
        private var wantsOriginal = false

        package init() {}

        package mutating func take(_ name: UnsafeRawBufferPointer, _ value: IncomingMessage.Value) {
            if name.elementsEqual(Name.template.utf8) {
                template = value.bytes
            } else if name.elementsEqual(Name.replayTo.utf8) {
                wantsOriginal = value.bytes.map { $0.elementsEqual(Name.original.utf8) } ?? false
            } else if name.hasPrefix("x-postback-") {
                read.take(String(decoding: name, as: UTF8.self), value)
            } else if name.elementsEqual("traceparent".utf8) {
                read.traceparent = PostbackHeaders.traceparent(value)
            } else if name.hasPrefix("cloudEvents:") || name.hasPrefix("cloudEvents_") {
                isCloudEvent = true
                guard case .bytes(let bytes) = value else { return }
                switch String(decoding: name.dropFirst(12), as: UTF8.self) {
                case "id": cloudEvent.id = Array(bytes)
                case "type": cloudEvent.type = Array(bytes)
                case "source": cloudEvent.source = Array(bytes)
                case "time": cloudEvent.time = Array(bytes)
                case "datacontenttype": cloudEvent.datacontenttype = Array(bytes)
                default: break
                }
            }
        }

        package var headers: PostbackHeaders {
            var headers = read
            if wantsOriginal {
                headers.originalTemplate = template.map { String(decoding: $0, as: UTF8.self) } ?? ""
            }
            if isCloudEvent { headers.cloudEvent = cloudEvent }
            return headers
        }
    }

    private mutating func take(_ name: String, _ value: IncomingMessage.Value) {
        switch name {
        case Name.route: route = value.bytes
        case Name.attempt: attempts = Int(clamping: min(max(value.integer ?? 0, 0), 1_000_000))
        case Name.firstAttemptAt: firstAttemptAt = value.time
        case Name.notBefore: notBefore = value.time
        case Name.parked: parked = Int(clamping: min(max(value.integer ?? 0, 0), 1_000_000))
        case Name.parkedSince: parkedSince = value.time
        case Name.lastStatus: lastStatus = value.integer
        case Name.lastError: lastError = value.bytes
        case Name.replayedFrom: replayedFrom = value.bytes
        case Name.history: history = value.bytes.flatMap { String(validating: $0, as: UTF8.self) }
        default: break
        }
    }

    /// Only what Trace Context allows goes into a request header: version, ids and flags in hexadecimal.
    private static func traceparent(_ value: IncomingMessage.Value) -> [UInt8]? {
        guard let bytes = value.bytes, (55...128).contains(bytes.count) else { return nil }
        let isClean = bytes.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte) || byte == UInt8(ascii: "-")
        }
        return isClean ? bytes : nil
    }
}

extension IncomingMessage.Value {
    fileprivate var bytes: [UInt8]? {
        if case .bytes(let bytes) = self { Array(bytes) } else { nil }
    }

    /// A number, also when an engineer's tool wrote it as text.
    fileprivate var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .bytes(let bytes): Int64(String(decoding: bytes, as: UTF8.self))
        default: nil
        }
    }

    /// RFC 3339, or a number of seconds or milliseconds since the epoch.
    fileprivate var time: Int64? {
        let milliseconds: Int64
        if let number = integer {
            milliseconds = number.magnitude < 100_000_000_000 ? number * 1000 : number
        } else if let bytes, let instant = try? RFC3339.milliseconds(bytes.span) {
            milliseconds = instant
        } else {
            return nil
        }
        // Beyond the year 9999, or before 1970, it is a mistake or an attack, however it is written.
        return (0...253_402_300_799_999).contains(milliseconds) ? milliseconds : nil
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func hasPrefix(_ prefix: StaticString) -> Bool {
        count >= prefix.utf8CodeUnitCount
            && zip(self, UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount))
                .allSatisfy { $0 == $1 }
    }
}
