import Conversion
import Delivery
import RabbitMQ

/// A message on the simulated broker; the same object from its publication to its acknowledgement, however often it is
/// delivered.
final class Message {
    /// Of all messages of the run, from 1 on.
    let number: Int
    /// The message that it continues; 0 for one from upstream.
    let parent: Int
    /// The upstream message that it comes from.
    let serial: Int
    let headers: [TableEntry]
    let body: [UInt8]
    let route: String?
    /// Milliseconds since the Unix epoch.
    let notBefore: Int64?
    /// Of its delivery, as its headers say: attempts made, how often it was parked since the last and since when
    /// (milliseconds since the Unix epoch), and why it is a dead letter.
    let attempt: Int
    let parked: Int
    let parkedSince: Int64?
    let reason: String?
    /// The worker was told that it is in its queue.
    var isKnown = false
    /// When its wait began, in nanoseconds of the timeline.
    let madeAt: Int64
    /// How often it was given back, for whatever reason.
    var returns = 0
    var enqueuedAt: Int64 = 0
    /// In some queue, or with a consumer.
    var isAlive = false
    /// Its queue was deleted.
    var isLost = false

    static let serialHeader = "x-serial"

    init(number: Int, parent: Int, headers: [TableEntry], body: [UInt8], at time: Int64 = 0) {
        self.number = number
        self.parent = parent
        self.headers = headers
        self.body = body
        madeAt = time
        var serial = 0
        var route: String?
        var (notBefore, parkedSince): (Int64?, Int64?)
        var (attempt, parked) = (0, 0)
        var reason: String?
        for header in headers {
            switch (header.name, header.value) {
            case (Self.serialHeader, .integer(let value)): serial = Int(value)
            case (PostbackHeader.route, .bytes(let bytes)): route = String(decoding: bytes, as: UTF8.self)
            case (PostbackHeader.notBefore, .text(let text)):
                notBefore = try? RFC3339.milliseconds(Array(text.utf8).span)
            case (PostbackHeader.attempt, .integer(let value)): attempt = Int(value)
            case (PostbackHeader.parked, .integer(let value)): parked = Int(value)
            case (PostbackHeader.parkedSince, .text(let text)):
                parkedSince = try? RFC3339.milliseconds(Array(text.utf8).span)
            case (PostbackHeader.reason, .text(let text)): reason = text
            default: break
            }
        }
        self.serial = serial
        self.route = route
        self.notBefore = notBefore
        self.attempt = attempt
        self.parked = parked
        self.parkedSince = parkedSince
        self.reason = reason
    }

    /// Whether another is the same hand-off once more.
    func isSame(as other: Message) -> Bool {
        parent == other.parent && route == other.route && notBefore == other.notBefore && attempt == other.attempt
            && parked == other.parked && reason == other.reason
    }

    /// Its number as the encoded properties that the lane keeps and hands on: what it continues is found by them.
    var token: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }

    static func number(of token: [UInt8]) -> Int {
        token.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
