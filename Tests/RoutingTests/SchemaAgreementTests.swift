import Documents
import FoundationEssentials
import Settings
import Testing

@testable import Routing

/// What the schema takes the loader takes, and the other way round: over documents put together at random from values
/// that are good and values that are not. Left out are the faults that a schema cannot see (`program-` among the examples).
@Suite("Schema and loader")
struct SchemaAgreementTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "schemas")

    private let schema: RoutesSchema

    init() throws {
        schema = RoutesSchema(root: try YAMLDocument.load(path: Self.folder.appending(path: "routes.schema.json").path))
    }

    /// For each key of a postback, values in YAML's flow style.
    private static let values: [(String, good: [String], bad: [String])] = [
        (
            "when",
            [
                "{}", "{types: sale}", "{types: [a, 5, true]}", "{statuses: hold}", "{statuses: [approved, reversed]}",
                "{countries: [DE, 'no']}", "{countries: uk}", "{min_payout: 1.5}", "{max_payout: '0.05'}",
                "{min_payout: -2, max_payout: 3}",
            ],
            [
                "x", "[]", "5", "~", "{types: []}", "{types: ''}", "{types: [[]]}", "{types: ~}", "{types: {}}",
                "{statuses: Approved}", "{statuses: [paid]}", "{countries: ['']}", "{countries: USA}",
                "{countries: [DE, Germany]}", "{countries: D1}", "{countries: 44}",
                "{countries: []}", "{min_payout: '1,5'}",
                "{min_payout: '1.'}", "{max_payout: abc}", "{max_payout: []}", "{when: 1}", "{type: sale}",
            ]
        ),
        ("sample", ["0", "1", "0.25", "1.0", "1e-2"], ["-0.1", "1.01", "'0.5'", "half", "[]", "~", "50%"]),
        ("payout_share", ["0", "1", "0.5"], ["2", "'0.5'", "-1", "x", "{}", "~"]),
        (
            "delay", ["0", "0s", "5s", "'10m'", "7d", "604800000ms"],
            ["5", "5 s", "-5s", "1h30m", "8d", "169h", "[]", "true", "~"]
        ),
        ("max_age", ["8d", "365d", "31536000s"], ["0", "0s", "1", "999ms", "366d", "36500d", "forever", "{}", "~"]),
        (
            "retry",
            [
                "{}", "{attempts: 1}", "{attempts: 1000, first_delay: 1s}", "{factor: 1.5}", "{factor: 10}",
                "{jitter: 0}", "{jitter: 0.5, max_delay: 6h, max_age: 3d}",
                "{first_delay: 100ms, max_delay: 7d, max_age: 1000ms}",
                "{first_delay: 2h, max_delay: 1h}",
            ],
            [
                "~", "[]", "5", "{attempts: 0}", "{attempts: 1001}", "{attempts: '5'}", "{attempts: 1.5}",
                "{factor: 0.9}", "{factor: 11}", "{jitter: -0.1}", "{jitter: 1.1}", "{first_delay: 5}",
                "{delay: 5s}", "{max_age: []}", "{first_delay: 1ms}", "{first_delay: 99ms}", "{max_delay: 8d}",
                "{max_delay: 0}",
                "{max_age: 0s}", "{max_age: 36500d}",
            ]
        ),
        ("redirects", ["0", "10"], ["-1", "11", "1.5", "'3'", "true", "~"]),
        ("http2", ["true", "false"], ["'true'", "1", "[]", "~", "maybe"]),
        (
            "success",
            [
                "{status: 204}", "{status: [200, 201-204, 2xx]}", "{body_contains: OK}",
                "{body_contains: [a, 1, true]}",
                "{body_lacks: ERROR}", "{json: {pointer: /a/0, equals: true}}", "{json: {pointer: '', equals: ''}}",
                "{status: 2XX, body_lacks: [x, y], json: {pointer: /a~1b, equals: 5}}",
                "{json: {pointer: /a, differs: 2}}",
            ],
            [
                "{}", "~", "OK", "[]", "{status: 99}", "{status: 600}", "{status: ok}", "{status: []}", "{status: 7xx}",
                "{status: 20-30}", "{status: {}}", "{body_contains: ''}", "{body_contains: []}", "{body_lacks: {}}",
                "{body_contains: ~}", "{json: {}}", "{json: ~}", "{json: {pointer: a, equals: 1}}",
                "{json: {pointer: /a}}",
                "{json: {pointer: /~2, equals: 1}}", "{json: {equals: 1}}", "{json: {pointer: /a, equals: []}}",
                "{json: {pointer: /a, equals: 1, is: 2}}", "{contains: x}",
                "{json: {pointer: /a, equals: 1, differs: 2}}",
                "{status: 500}", "{status: 4xx}", "{status: [200, 199-299]}", "{status: 200-300}",
            ]
        ),
        (
            "duplicate", ["{status: 409}", "{status: [4xx, 500-599]}", "{body_contains: again}"],
            ["{}", "409", "true", "{body: x}"]
        ),
        (
            "sign",
            [
                "{scheme: standard-webhooks, secret: partner-hmac}",
                "{scheme: standard-webhooks, secret: [partner-hmac, partner-hmac-old]}",
                "{scheme: hmac-sha256-query, secret: partner-hmac, parameter: sig}",
            ],
            [
                "standard-webhooks", "~", "{}", "{scheme: standard-webhooks}", "{scheme: none, secret: partner-hmac}",
                "{secret: partner-hmac}", "{scheme: standard-webhooks, secret: []}",
                "{scheme: standard-webhooks, secret: partner-hmac, parameter: sig}",
                "{scheme: hmac-sha256-query, secret: partner-hmac}",
                "{scheme: hmac-sha256-query, secret: partner-hmac, parameter: 'a b'}",
                "{scheme: hmac-sha256-query, secret: [partner-hmac, partner-hmac-old], parameter: sig}",
            ]
        ),
        ("syntax", ["mustache", "'{{x}}'"], ["liquid", "~", "[]", "true", "''"]),
        ("name", ["a", "A-b_c.9", "5", "1.5", "true"], ["''", "a/b", "[]", "~"]),
        ("enabled", ["true", "false"], ["yes", "'true'", "~"]),
        ("timeout", ["100ms", "60s", "1m"], ["5", "0s", "99ms", "61s", "2m", "1h", "fast", "[]", "~"]),
        ("method", ["GET", "post", "Put"], ["DELETE", "[]", "~", "''"]),
        ("headers", ["{}", "{X-A: b}", "{X-A: 5}"], ["[]", "x", "{'': a}", "{X-A: ''}", "{X-A: ' '}", "{X-A: ~}"]),
        ("sampel", [], ["1"]), ("notes", [], ["x"]),
    ]

    @Test("say the same of every single value")
    func single() throws {
        for (key, good, bad) in Self.values {
            for value in good { try agree("\(key): \(value)", isGood: true) }
            for value in bad { try agree("\(key): \(value)", isGood: false) }
        }
    }

    @Test("say the same of postbacks put together at random", arguments: 0..<200)
    func random(seed: Int) throws {
        var dice = Dice(seed)
        var lines: [String] = []
        var isGood = true
        for (key, good, bad) in Self.values.shuffled(using: &dice).prefix(Int.random(in: 1...8, using: &dice)) {
            if Int.random(in: 0..<8, using: &dice) > 0, let value = good.randomElement(using: &dice) {
                lines.append("\(key): \(value)")
            } else if Int.random(in: 0..<8, using: &dice) == 0, let value = bad.randomElement(using: &dice) {
                lines.append("\(key): \(value)")
                isGood = false
            }
        }
        try agree(lines.joined(separator: "\n"), isGood: isGood)
    }

    /// What may stand in a scope, and what may not.
    private static let scopes: (good: [String], bad: [String]) = (
        [
            "{url: 'https://a.example/{{click_id}}'}", "{suppress: true}", "{enabled: false}",
            "{suppress: true, name: a, when: {types: sale}}", "{suppress: false, enabled: false, sample: 0.5}",
            "{suppress: true, url: 'https://a.example/{{click_id}}', delay: 5s}",
            "{enabled: false, url: 'https://a.example/{{click_id}}'}",
            "[{url: 'https://a.example/{{click_id}}'}, {name: b, url: 'http://b.example/?c={{click_id}}'}]",
            "{tracker: voluum, domain: abc.example.com}", "{tracker: peerclick, sample: 0.5}",
            "[{name: t, tracker: voluum, domain: abc.example.com, path: my, parameters: {et: true, param1: x}}]",
            "{url: 'https://a.example/', method: POST, body: '{{click_id}}', content_type: text/plain}",
        ],
        [
            "{suppress: true, sample: 0.5}", "{suppress: true, delay: 5s}",
            "{suppress: true, url: 'https://a.example/{{click_id}}', sample: 0.5}",
            "{}", "[]", "~", "x", "5", "[[]]", "[x]", "{suppress: 'true'}", "{suppress: yes}", "{enabled: true}",
            "{url: ftp://a.example/}", "{url: []}", "{url: a.example}", "{tracker: [voluum]}",
            "{tracker: voluum, domain: abc.example.com, url: 'https://a.example/{{click_id}}'}",
            "{domain: abc.example.com}", "{tracker: voluum, domain: 'https://abc.example.com'}",
            "{url: 'https://a.example/{{click_id}}', body: x, content_type: text/plain}",
            "{url: 'https://a.example/{{click_id}}', method: POST, body: x}",
        ]
    )

    @Test("say the same of whole documents put together at random", arguments: 0..<200)
    func documents(seed: Int) throws {
        var dice = Dice(seed)
        var isGood = true
        func pick(_ values: (good: [String], bad: [String])) -> String {
            if Int.random(in: 0..<20, using: &dice) == 0, let value = values.bad.randomElement(using: &dice) {
                isGood = false
                return value
            }
            return values.good.randomElement(using: &dice) ?? ""
        }
        let modes = (good: ["override", "fallback", "additive"], bad: ["first", "Override", "[]", "~"])
        var text = Bool.random(using: &dice) ? "mode: \(pick(modes))\n" : ""
        text += "publishers:\n"
        for publisher in 0..<Int.random(in: 1...3, using: &dice) {
            text += "  \"\(publisher)\":\n    global: \(pick(Self.scopes))\n"
            if Bool.random(using: &dice) { text += "    mode: \(pick(modes))\n" }
            for kind in ["offers", "smartlinks"] where Bool.random(using: &dice) {
                text += "    \(kind):\n      \"1\": \(pick(Self.scopes))\n      2: \(pick(Self.scopes))\n"
            }
            if Int.random(in: 0..<30, using: &dice) == 0 {
                isGood = false
                text += ["    offer: {}\n", "    url: https://a.example/\n", "    enabled: true\n"][publisher]
            }
        }
        try agree(document: text, isGood: isGood)
    }

    @Test(
        "say the same of the syntax of a publisher",
        arguments: [("braces", true), ("'$x'", true), ("brace", false), ("[]", false)]
    )
    func publisher(syntax: String, isGood: Bool) throws {
        try agree(document: "publishers: {'1': {syntax: \(syntax)}}", isGood: isGood)
    }

    @Test("say the same of every example but those the schema cannot judge")
    func examples() throws {
        for kind in ["valid", "invalid"] {
            let path = Self.folder.appending(path: "examples/routes/\(kind)").path
            let names = try FileManager.default.contentsOfDirectory(atPath: path)
            #expect(names.count >= 10)
            for name in names {
                guard let document = try? YAMLDocument.load(path: "\(path)/\(name)") else {
                    #expect(kind == "invalid", "\(name)")
                    continue
                }
                #expect(schema.fits(document) == (kind == "valid" || name.hasPrefix("program-")), "\(name)")
            }
        }
    }

    private func agree(_ fields: String, isGood: Bool) throws {
        try agree(document: Fixture.routes("url: 'https://a.example/{{click_id}}'\n" + fields), isGood: isGood)
    }

    private func agree(document: String, isGood: Bool) throws {
        let node = try YAMLDocument.parse(document, file: "routes.yaml")
        let (table, faults) = Fixture.load(node)
        #expect((table != nil) == isGood, "the loader on\n\(document)\n\(faults)")
        #expect(schema.fits(node) == isGood, "the schema on\n\(document)")
    }
}
