package import Conversion

extension Postback {
    /// The rule of `when` or `sample` that keeps this postback from being sent for an event; nil when none does.
    package func skipReason(for event: borrowing ConversionEvent) -> SkipReason? {
        let rules = store.rules[Int(record.rules)]
        let storage = event.storage
        if let reason = rules.when?.refusal(event, storage.span) { return reason }
        guard let sample = rules.sample, let id = event.range(of: .id) else { return nil }
        let isIn = sample.includes(eventID: storage.span.extracting(id.indices), routeKey: keyBytes)
        return isIn ? nil : .sample
    }

    /// What part of the payout `{{payout}}` is, above or equal 0 and below 1; nil for all of it.
    package var payoutShare: DecimalAmount? { store.rules[Int(record.rules)].payoutShare }

    /// A skip with the values that led to it, for `explain`: `the type is "lead", and when.types lists sale, deposit`.
    package func explanation(of reason: SkipReason, _ event: borrowing ConversionEvent) -> String {
        guard let when = store.rules[Int(record.rules)].when else { return reason.description }
        switch reason {
        case .type: return Self.sentence("type", event.text(.type), "types", when.types)
        case .country: return Self.sentence("country", event.text(.country), "countries", when.countries)
        case .status:
            let names = ConversionStatus.allCases.filter { when.statuses & MatchRule.bit(of: $0) != 0 }.map(\.name)
            return Self.sentence("status", event.text(.status), "statuses", names.map { Array($0.utf8) })
        case .minPayout: return Self.bound(event.payout, "when.min_payout", when.minPayout)
        case .maxPayout: return Self.bound(event.payout, "when.max_payout", when.maxPayout)
        case .sample: return reason.description
        }
    }

    private static func sentence(_ what: String, _ value: String?, _ key: String, _ allowed: [[UInt8]]) -> String {
        let list = allowed.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ", ")
        let has = value.map { "the \(what) is \"\($0)\"" } ?? "the event has no \(what)"
        return "\(has), and when.\(key) lists \(list)"
    }

    private static func bound(_ payout: DecimalAmount?, _ key: String, _ bound: DecimalAmount?) -> String {
        let has = payout.map { "the payout is \($0)" } ?? "the event has no payout"
        return bound.map { "\(has), and \(key) is \($0)" } ?? has
    }
}
