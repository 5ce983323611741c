package import Conversion
import Delivery

/// A dead letter: the network's message, with what the worker wrote on it when it gave up. Pure; read once from headers
/// and body.
package struct Letter: Sendable {
    /// In the order of the message.
    package var headers: [(name: String, value: LetterValue)]
    /// The network's, byte for byte.
    package var body: [UInt8]

    /// A `DeadLetterReason` as text. A letter that the broker made, because workers died of it, is `poison`.
    package private(set) var reason: String
    /// The route key; nil for an event that had found no postback yet.
    package private(set) var route: String?
    /// Masked.
    package private(set) var url: String?
    /// Of the postback that was tried: unrendered and masked.
    package private(set) var template: String?
    package private(set) var lastError: String?
    package private(set) var status: Int64?
    package private(set) var attempts: Int64
    package private(set) var history: String?
    /// Milliseconds since the Unix epoch; nil on a letter that the broker made.
    package private(set) var failedAt: Int64?
    package private(set) var firstAttemptAt: Int64?
    /// The replay that it died in again.
    package private(set) var replayedFrom: String?

    package private(set) var eventID: String?
    package private(set) var publisher: String?
    package private(set) var offer: String?
    package private(set) var smartlink: String?
    package private(set) var occurredAt: Int64?
    /// Whether the body is a conversion event.
    package private(set) var isEvent: Bool

    /// - Parameter event: a scratch to decode with, used again for the next letter.
    package init(
        headers: [(name: String, value: LetterValue)],
        body: [UInt8],
        cloudEvent: CloudEventAttributes? = nil,
        decodingWith event: inout ConversionEvent
    ) {
        self.headers = headers
        self.body = body
        reason = "unknown"
        attempts = 0
        isEvent = false
        for (name, value) in headers { take(name, value) }
        do throws(EventFault) {
            try event.decode(body.span, cloudEvent: cloudEvent)
            isEvent = true
            eventID = event.text(.id)
            publisher = event.text(.publisherID)
            offer = event.text(.offerID)
            smartlink = event.text(.smartlinkID)
            occurredAt = event.occurredAt
        } catch {
            // What there is of it: an engineer looks for the id all the same.
            eventID = Self.member("id", of: body)
            publisher = Self.member("publisher_id", of: body) ?? publisherOfRoute
            offer = Self.member("offer_id", of: body)
            smartlink = Self.member("smartlink_id", of: body)
        }
    }

    /// The host that it was sent to, or was to be sent to; nil when no URL could be made.
    package var host: String? { (url ?? template).flatMap { Self.host(of: Array($0.utf8)) } }

    /// By bytes: asked of each letter that is counted.
    private static func host(of text: [UInt8]) -> String? {
        let slash = UInt8(ascii: "/")
        guard
            let colon = text.indices.first(where: {
                text[$0] == UInt8(ascii: ":") && $0 + 2 < text.count && text[$0 + 1] == slash && text[$0 + 2] == slash
            })
        else { return nil }
        var authority = text[(colon + 3)...].prefix { !"/?#\\".utf8.contains($0) }
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) { authority = authority[(at + 1)...] }
        let host: ArraySlice<UInt8>
        if authority.first == UInt8(ascii: "[") {
            guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            host = authority[...end]
        } else {
            host = authority.prefix { $0 != UInt8(ascii: ":") }
        }
        return host.isEmpty ? nil : String(decoding: host, as: UTF8.self).lowercased()
    }

    private var publisherOfRoute: String? { route?.split(separator: "/").first.map(String.init) }

    private static func member(_ name: String, of body: [UInt8]) -> String? {
        guard let pointer = try? JSONPointer(parsing: "/\(name)"),
            case .scalar(let value) = JSONLookup.find(pointer, in: body), value.count <= 800,
            !value.elementsEqual("null".utf8)
        else { return nil }
        return String(decoding: value, as: UTF8.self)
    }

    private mutating func take(_ name: String, _ value: LetterValue) {
        // The network's own headers need no look at the list.
        guard name.utf8.starts(with: "x-".utf8) else { return }
        switch name {
        case PostbackHeader.reason: reason = value.text ?? reason
        case "x-first-death-reason": if reason == "unknown" { reason = DeadLetterReason.poison.rawValue }
        case PostbackHeader.route: route = value.text
        case PostbackHeader.url: url = value.text
        case PostbackHeader.template: template = value.text
        case PostbackHeader.lastError: lastError = value.text
        case PostbackHeader.lastStatus: status = value.number
        case PostbackHeader.attempt: attempts = value.number ?? 0
        case PostbackHeader.history: history = value.text
        case PostbackHeader.failedAt: failedAt = value.time
        case PostbackHeader.firstAttemptAt: firstAttemptAt = value.time
        case PostbackHeader.replayedFrom: replayedFrom = value.text
        default: break
        }
    }
}

extension LetterValue {
    var text: String? {
        switch self {
        case .text(let text): text
        case .number(let number): String(number)
        case .flag, .other: nil
        }
    }

    var number: Int64? {
        switch self {
        case .number(let number): number
        case .text(let text): Int64(text)
        case .flag, .other: nil
        }
    }

    /// RFC 3339, in milliseconds since the Unix epoch.
    var time: Int64? {
        guard case .text(let text) = self else { return nil }
        return try? RFC3339.milliseconds(Array(text.utf8).span)
    }
}
