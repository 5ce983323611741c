import Conversion

extension Postback {
    /// Its rules held against an event, in the order in which they are asked; empty when it has none.
    func ruleChecks(_ event: ConversionEvent) -> [RuleCheck] {
        let rules = store.rules[Int(record.rules)]
        var checks: [RuleCheck] = []
        if let when = rules.when { checks += Self.checks(when, event) }
        if let sample = rules.sample, let id = event.range(of: .id) {
            let hash = SampleRule.hash(eventID: event.storage.span.extracting(id.indices), routeKey: keyBytes)
            checks.append(
                RuleCheck(
                    rule: "sample",
                    wanted: sample.text,
                    found: Self.fraction(hash),
                    holds: hash < sample.threshold
                )
            )
        }
        return checks
    }

    private static func checks(_ when: MatchRule, _ event: ConversionEvent) -> [RuleCheck] {
        let storage = event.storage
        var checks: [RuleCheck] = []
        func check(_ rule: String, _ wanted: String, _ found: String?, _ only: (inout MatchRule) -> Void) {
            var single = MatchRule()
            only(&single)
            let holds = single.refusal(event, storage.span) == nil
            checks.append(RuleCheck(rule: rule, wanted: wanted, found: found, holds: holds))
        }
        if !when.types.isEmpty {
            check("when.types", list(when.types), event.text(.type)) { $0.types = when.types }
        }
        if when.statuses != 0 {
            check("when.statuses", when.statusNames, event.text(.status)) { $0.statuses = when.statuses }
        }
        if !when.countries.isEmpty {
            let country = event.text(.country)
            check("when.countries", list(when.countries).uppercased(), country) { $0.countries = when.countries }
        }
        if let least = when.minPayout {
            check("when.min_payout", "\(least)", event.payout.map { "\($0)" }) { $0.minPayout = least }
        }
        if let most = when.maxPayout {
            check("when.max_payout", "\(most)", event.payout.map { "\($0)" }) { $0.maxPayout = most }
        }
        return checks
    }

    private static func list(_ words: [[UInt8]]) -> String {
        words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ", ")
    }

    /// The part of 2^64, with six decimals, rounded down.
    private static func fraction(_ hash: UInt64) -> String {
        let millionths = String(hash.multipliedFullWidth(by: 1_000_000).high)
        return "0." + String(repeating: "0", count: max(0, 6 - millionths.count)) + millionths
    }
}

extension MatchRule {
    /// The statuses asked for, separated by commas.
    var statusNames: String {
        ConversionStatus.allCases.filter { statuses & Self.bit(of: $0) != 0 }.map(\.name).joined(separator: ", ")
    }
}

extension SampleRule {
    /// The part as a person writes it; no money, so the nearest binary number will do.
    var text: String { threshold == 0 ? "0" : "\(Double(threshold) / 0x1p64)" }
}
