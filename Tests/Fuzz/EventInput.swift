import Conversion
import Foundation

/// A body as a conversion event. It is decoded into a used value and a fresh one, which must agree; what is taken for an
/// event must be JSON to Foundation too.
enum EventInput {
    nonisolated(unsafe) private static var used = ConversionEvent()

    static func feed(_ input: [UInt8]) { feed(input, nil) }

    static func feed(_ body: [UInt8], _ attributes: CloudEventAttributes?) {
        var fresh = ConversionEvent()
        let first = decode(body, attributes, &used)
        let second = decode(body, attributes, &fresh)
        promise(first?.description == second?.description, "used: \(first as Any), fresh: \(second as Any)")
        promise(used.storage.prefix(used.bodyCount).elementsEqual(body), "the body is kept byte for byte")
        if let first {
            promise(first.offset >= 0 && first.offset <= body.count, "the fault lies in the body: \(first)")
            promise(first.path.first == "$" || first.path.hasPrefix("cloudEvents"), "a path: \(first.path)")
            return
        }
        promise(facts(used) == facts(fresh), "used: \(facts(used)), fresh: \(facts(fresh))")
        check(used, body)
    }

    private static func decode(
        _ body: [UInt8],
        _ attributes: CloudEventAttributes?,
        _ event: inout ConversionEvent
    ) -> EventFault? {
        exactly(body) { span in
            do throws(EventFault) {
                try event.decode(span, cloudEvent: attributes)
                return nil
            } catch {
                return error
            }
        }
    }

    private static func facts(_ event: ConversionEvent) -> [String] {
        EventField.allCases.map { event.text($0) ?? "-" }
            + [
                "\(event.isTest) \(event.occurredAt ?? -1) \(event.clickedAt ?? -1) \(event.status)",
                event.payout.map { "\($0)" } ?? "-",
            ] + (event.subIDs + event.parameters).map { text($0.name, event) + "=" + text($0.value, event) }
    }

    private static func text(_ range: ByteRange, _ event: ConversionEvent) -> String {
        String(decoding: event.storage[range.indices], as: UTF8.self)
    }

    private static let fields: [(String, EventField)] = [
        ("id", .id), ("publisher_id", .publisherID), ("offer_id", .offerID), ("smartlink_id", .smartlinkID),
        ("click_id", .clickID), ("type", .type), ("country", .country), ("city", .city), ("user_agent", .userAgent),
        ("referrer", .referrer),
    ]

    /// An event that was accepted: JSON to others too, and with the values that they read.
    private static func check(_ event: ConversionEvent, _ body: [UInt8]) {
        let id = event.text(.id) ?? ""
        promise((1...ConversionEvent.identifierLimit).contains(id.unicodeScalars.count), "an id of 1 to 200: \(id)")
        promise(event.text(.publisherID)?.isEmpty == false, "a publisher")
        if OtherOpinion.differs(on: body) { return }
        let object = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any]
        promise(object != nil, "Foundation finds no object in what was accepted")
        // A structured CloudEvent has the same names for other things.
        if object?["specversion"] != nil { return }
        for (name, field) in fields {
            guard let other = object?[name] as? String, !other.isEmpty else { continue }
            promise(event.text(field).map { Array($0.utf8) } == Array(other.utf8), "\(name) is \(other)")
        }
        // To Foundation two names that look alike are one.
        guard let subIDs = object?["sub_ids"] as? [String: String], subIDs.count == event.subIDs.count else { return }
        for pair in event.subIDs {
            let other = subIDs[text(pair.name, event)]
            promise(other.map { Array($0.utf8) } == Array(text(pair.value, event).utf8), "a sub id is \(other ?? "-")")
        }
    }
}
