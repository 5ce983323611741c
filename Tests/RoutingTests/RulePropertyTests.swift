import Conversion
import Documents
import Testing

@testable import Routing

/// Modes and rules together, against the contract's own words in their plainest form.
@Suite("Resolution with rules over random tables")
struct RulePropertyTests {
    private struct Item {
        var name: String
        var isEnabled: Bool
        /// What `when.types` lists; nil for no condition.
        var types: [String]?
        var least: Int?
        var isSampledOut: Bool

        var yaml: String {
            var fields = ["name: \(name)", "url: 'https://a.example/{{click_id}}'", "enabled: \(isEnabled)"]
            var conditions: [String] = []
            if let types { conditions.append("types: [\(types.joined(separator: ", "))]") }
            if let least { conditions.append("min_payout: \(least)") }
            if !conditions.isEmpty { fields.append("when: {\(conditions.joined(separator: ", "))}") }
            if isSampledOut { fields.append("sample: 0") }
            return "{\(fields.joined(separator: ", "))}"
        }

        func reason(type: String, payout: Int?) -> SkipReason? {
            if let types, !types.contains(type) { return .type }
            if let least, payout ?? .min < least { return .minPayout }
            return isSampledOut ? .sample : nil
        }
    }

    private enum Scope {
        case suppressed
        case items([Item])
    }

    private func scope(_ dice: inout Dice) -> Scope? {
        switch Int.random(in: 0..<8, using: &dice) {
        case 0, 1: return nil
        case 2: return .suppressed
        default: break
        }
        let items = (0..<Int.random(in: 1...3, using: &dice)).map { number in
            Item(
                name: "n\(number)",
                isEnabled: Int.random(in: 0..<4, using: &dice) > 0,
                types: Bool.random(using: &dice)
                    ? ["sale", "lead", "x"].filter { _ in Bool.random(using: &dice) } : nil,
                least: Int.random(in: 0..<3, using: &dice) == 0 ? Int.random(in: 0...9, using: &dice) : nil,
                isSampledOut: Int.random(in: 0..<6, using: &dice) == 0
            )
        }
        return .items(
            items.map { item in
                var item = item
                if item.types?.isEmpty == true { item.types = nil }
                return item
            }
        )
    }

    private struct Outcome: Equatable {
        var sent: [String] = []
        var skipped: [String] = []
        var code: String?
    }

    /// The scopes from the most specific on, each asked in turn.
    private func expected(_ scopes: [(String, Scope?)], _ mode: RouteMode, type: String, payout: Int?) -> Outcome {
        var outcome = Outcome()
        var isSwitchedOff = false
        for (path, scope) in scopes {
            guard let scope else { continue }
            guard case .items(let items) = scope else {
                if outcome.sent.isEmpty { outcome.code = "suppressed" }
                return outcome
            }
            let enabled = items.filter(\.isEnabled)
            if enabled.isEmpty {
                isSwitchedOff = true
                continue
            }
            let reasons = enabled.map { $0.reason(type: type, payout: payout) }
            for (item, reason) in zip(enabled, reasons) {
                if let reason {
                    outcome.skipped.append("\(path)/\(item.name) \(reason)")
                } else {
                    outcome.sent.append("\(path)/\(item.name)")
                }
            }
            let matches = reasons.contains { $0 == nil || $0 == .sample }
            if mode == .override || mode == .fallback && matches { break }
        }
        if outcome.sent.isEmpty {
            outcome.code = !outcome.skipped.isEmpty ? "filtered" : isSwitchedOff ? "disabled" : "no_postback"
        }
        return outcome
    }

    private func yaml(_ scope: Scope) -> String {
        switch scope {
        case .suppressed: "{suppress: true}"
        case .items(let items): "[\(items.map(\.yaml).joined(separator: ", "))]"
        }
    }

    @Test("sends, skips and tells why as the contract's words say", arguments: 0..<400)
    func agreement(seed: Int) throws {
        var dice = Dice(seed)
        let mode = RouteMode.allCases.randomElement(using: &dice) ?? .override
        let scopes = [
            ("1/smartlinks/7", scope(&dice)), ("1/offers/5", scope(&dice)), ("1/global", scope(&dice)),
        ]
        var lines = ["mode: \(mode.rawValue)"]
        if let smartlink = scopes[0].1 { lines.append("smartlinks: {'7': \(yaml(smartlink))}") }
        if let offer = scopes[1].1 { lines.append("offers: {'5': \(yaml(offer))}") }
        if let global = scopes[2].1 { lines.append("global: \(yaml(global))") }
        let table = try Fixture.table("publishers: {'1': {\(lines.joined(separator: ", "))}}")
        var resolution = Resolution()
        for type in ["sale", "lead", "other"] {
            for payout in [nil, 0, 4, 9] as [Int?] {
                var members = ["type": "\"\(type)\"", "offer_id": "5", "smartlink_id": "7"]
                members["payout"] = payout.map { "{\"amount\": \($0)}" }
                table.resolve(try Fixture.event(members), into: &resolution)
                let found = Outcome(
                    sent: resolution.postbacks.map(\.key),
                    skipped: resolution.skipped.map { "\($0.postback.key) \($0.reason)" },
                    code: resolution.noRouteReason?.code
                )
                let wanted = expected(scopes, mode, type: type, payout: payout)
                #expect(found.sent == wanted.sent && found.code == wanted.code, "\(lines) \(type) \(payout ?? -1)")
                #expect(found.skipped.map { $0.prefix { $0 != " " } } == wanted.skipped.map { $0.prefix { $0 != " " } })
            }
        }
    }

    private static let chains = [
        "", "| upper", "| lower", "| truncate:7", "| base64", "| md5", "| default:'a&b=c/\"\\r'", "| map:'*=<&\"/?#'",
        "| map:'x=y' | upper | truncate:3", "| hmac_sha256:partner-hmac",
    ]

    @Test("never lets a value out of its place, whatever filters it went through", arguments: 0..<300)
    func places(seed: Int) throws {
        var dice = Dice(seed)
        let value = dice.text(16)
        let chain = Self.chains.randomElement(using: &dice) ?? ""
        let token = "{{ sub_ids.v \(chain) }}"
        let event = try Fixture.event(["sub_ids": "{\"v\": \(Fixture.quoted(value))}"])
        let target = try Fixture.target("https://a.example/p/\(token)s/e?k=\(token)&\(token)=2&z=3", event)
        let halves = target.utf8.split(separator: UInt8(ascii: "?"), omittingEmptySubsequences: false)
        #expect(halves.count == 2 && halves[0].count { $0 == UInt8(ascii: "/") } == 3, "\(target)")
        #expect(
            halves.last?.count { $0 == UInt8(ascii: "&") } == 2 && target.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        )
        let form = try Fixture.body("a=\(token)&b=1", as: "application/x-www-form-urlencoded", event)
        #expect(form.count { $0 == UInt8(ascii: "&") } == 1 && form.count { $0 == UInt8(ascii: "=") } == 2)
        let json = try Fixture.body(
            "{\"a\": \"\(token)\", \"b\": {{ sub_ids.v \(chain) }}, \"c\": 7}",
            as: "application/json",
            event
        )
        #expect(JSONLookup.find(try JSONPointer(parsing: "/c"), in: json) == .scalar([UInt8(ascii: "7")]))
        for name in ["/a", "/b"] {
            guard case .scalar = JSONLookup.find(try JSONPointer(parsing: name), in: json) else {
                Issue.record("\(String(decoding: json, as: UTF8.self))")
                return
            }
        }
        do {
            let lines = try Fixture.headers(["X-A": "v \(token)"], event)
            #expect(lines.count == 1 && lines[0].utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 })
        } catch let fault as RenderFault {
            #expect(fault == .unsafeHeaderValue("sub_ids.v"))
        }
    }
}
