import Conversion
import Testing

@testable import Routing

@Suite("Explanations over random tables")
struct ExplanationPropertyTests {
    private func postback(_ name: String, _ dice: inout Dice) -> String {
        var fields = ["name: \(name)", "url: \"https://a.example/{{click_id}}\""]
        if Int.random(in: 0..<4, using: &dice) == 0 { fields.append("enabled: false") }
        switch Int.random(in: 0..<5, using: &dice) {
        case 0: fields.append("when: { countries: [DE] }")
        case 1: fields.append("when: { statuses: [approved], min_payout: 1 }")
        case 2: fields.append("sample: 0.5")
        default: break
        }
        return "{ " + fields.joined(separator: ", ") + " }"
    }

    private func scope(_ dice: inout Dice) -> String {
        if Int.random(in: 0..<6, using: &dice) == 0 {
            return "{ suppress: true, enabled: \(Bool.random(using: &dice)) }"
        }
        let count = Int.random(in: 1...3, using: &dice)
        return "[" + (0..<count).map { postback("n\($0)", &dice) }.joined(separator: ", ") + "]"
    }

    private func routes(_ dice: inout Dice) -> String {
        var text = "publishers:\n  \"1\":\n"
        text += "    mode: \(RouteMode.allCases.randomElement(using: &dice)?.rawValue ?? "override")\n"
        for key in ["global", "offers", "smartlinks"] where Int.random(in: 0..<4, using: &dice) > 0 {
            text += key == "global" ? "    global: \(scope(&dice))\n" : "    \(key): { \"1\": \(scope(&dice)) }\n"
        }
        return text + "    syntax: mustache\n"
    }

    @Test("they agree with what is sent, and no postback behind the end of the search was asked", arguments: 0..<40)
    func agreement(seed: Int) throws {
        var dice = Dice(seed)
        let table = try Fixture.table(routes(&dice))
        var resolution = Resolution()
        for number in 0..<20 {
            var members = ["id": "\"e\(number)\"", "publisher_id": "1"]
            if Bool.random(using: &dice) { members["offer_id"] = "1" }
            if Bool.random(using: &dice) { members["smartlink_id"] = "1" }
            if Bool.random(using: &dice) { members["country"] = "\"de\"" }
            if Bool.random(using: &dice) { members["payout"] = "{\"amount\": 2}" }
            let event = try Fixture.event(members)
            table.resolve(event, into: &resolution)
            let explanation = table.explain(event, ExplanationCase.context)
            let postbacks = explanation.scopes.flatMap(\.postbacks)
            #expect(explanation.deliveries.map(\.route) == resolution.postbacks.map(\.key))
            #expect(postbacks.filter { $0.state == .chosen }.map(\.route) == resolution.postbacks.map(\.key))
            let skipped = resolution.skipped.map { "\($0.postback.key) \($0.reason.code)" }
            #expect(postbacks.filter { $0.state == .filtered }.map { "\($0.route) \($0.reason ?? "")" } == skipped)
            for scope in explanation.scopes {
                let states = Set(scope.postbacks.map(\.state))
                #expect(states.contains(.chosen) == (scope.state == .chosen))
                if scope.state == .notAsked { #expect(states.isDisjoint(with: [.chosen, .filtered])) }
                if scope.state != .notAsked { #expect(!states.contains(.notAsked)) }
            }
            for postback in postbacks where [.chosen, .filtered].contains(postback.state) {
                #expect(postback.rules.allSatisfy(\.holds) == (postback.state == .chosen))
            }
        }
    }
}
