import Documents
import Settings
import Testing

@testable import Routing

@Suite("What check says of a route")
struct RouteHintTests {
    private static func faults(_ fields: String, _ severity: Fault.Severity) throws -> [String] {
        let url =
            fields.contains("url:") || fields.contains("tracker:") ? "" : "url: 'https://a.example/{{click_id}}'\n"
        return try Fixture.load(Fixture.routes(url + fields)).faults.filter { $0.severity == severity }
            .map(\.description)
    }

    @Test(
        "a country is two letters",
        arguments: [("USA", true), ("Germany", true), ("D1", true), ("de", false), ("DE", false)]
    )
    func country(text: String, isError: Bool) throws {
        let errors = try Self.faults("when: { countries: [AT, \(text)] }", .error)
        #expect(errors.count == (isError ? 1 : 0))
        if isError { #expect(errors[0].contains("\"\(text)\" is not the code of a country (two letters")) }
    }

    @Test("uk is GB")
    func unitedKingdom() throws {
        let warnings = try Self.faults("when: { countries: uk }", .warning)
        #expect(warnings.count == 1 && warnings[0].contains("the United Kingdom is GB"), "\(warnings)")
    }

    @Test("a first delay beyond the longest one is worth a warning")
    func delays() throws {
        let warnings = try Self.faults("retry: { first_delay: 2h, max_delay: 1h }", .warning)
        #expect(
            warnings.count == 1 && warnings[0].contains("first_delay 2h is longer than max_delay 1h"),
            "\(warnings)"
        )
        #expect(try Self.faults("retry: { first_delay: 1h, max_delay: 1h }", .warning) == [])
    }

    @Test("only a 2xx is success", arguments: ["500", "3xx", "199", "200-300"])
    func success(status: String) throws {
        let errors = try Self.faults("success: { status: [200, \(status)] }", .error)
        #expect(errors.count == 1 && errors[0].contains("success cannot be the status \(status)"), "\(errors)")
        #expect(try Self.faults("duplicate: { status: [200, \(status)] }", .error) == [])
    }

    @Test("a secret of Standard Webhooks has 24 bytes")
    func shortSecret() throws {
        let short = try Self.faults("sign: { scheme: standard-webhooks, secret: partner-hmac }", .warning)
        #expect(short.count == 1 && short[0].contains("asks for 24 to 64") && !short[0].contains("Jefe"), "\(short)")
        #expect(try Self.faults("sign: { scheme: standard-webhooks, secret: standard }", .warning) == [])
    }

    @Test(
        "a secret in the place of its name is not repeated",
        arguments: [
            "sign: { scheme: standard-webhooks, secret: supersecretvalue123 }",
            "url: 'https://a.example/{{click_id}}?h={{click_id|hmac_sha256:\"supersecretvalue123\"}}'",
        ]
    )
    func pasted(fields: String) throws {
        let errors = try Self.faults(fields, .error)
        #expect(errors.count == 1 && !errors[0].contains("supersecret"), "\(errors)")
        #expect(errors[0].contains("there is no secret of this name") && errors[0].contains("partner-hmac, "))
    }

    @Test("a slip in the name of a secret is shown")
    func slip() throws {
        let errors = try Self.faults("sign: { scheme: standard-webhooks, secret: partner-hmca }", .error)
        #expect(
            errors.count == 1 && errors[0].contains("no secret \"partner-hmca\" (probably partner-hmac)"),
            "\(errors)"
        )
    }

    @Test("a host in another script has an ASCII form")
    func international() {
        let errors = Fixture.errors(ofURL: "https://münchen.example/{{click_id}}")
        #expect(errors.count == 1 && errors[0].contains("write its ASCII form, xn--mnchen-3ya.example"), "\(errors)")
    }

    @Test("quotation marks are blamed only where there are some", arguments: [("yes", false), ("'true'", true)])
    func boolean(text: String, isQuoted: Bool) throws {
        let errors = try Self.faults("enabled: \(text)", .error)
        #expect(errors.count == 1 && errors[0].contains("write true"), "\(errors)")
        #expect(errors[0].contains("without quotation marks") == isQuoted)
    }

    @Test("http beside https names the port, or the tracker's own key, and blames no tracker for its usual scheme")
    func plain() throws {
        let yaml = """
            publishers:
              "1": { global: { url: "https://a.example.com:8443/{{click_id}}" } }
              "2": { global: { url: "http://a.example.com:8080/{{click_id}}" } }
              "3": { global: { tracker: adsbridge, domain: "a.example.com", scheme: http } }
              "4": { global: { tracker: adsbridge, domain: "b.example.com" } }
              "5": { global: { url: "https://b.example.com/{{click_id}}" } }
            """
        let warnings = try Fixture.load(yaml).faults.map(\.description)
        #expect(warnings.count == 2, "\(warnings)")
        #expect(warnings.first?.contains("2.global.url: http goes unencrypted") == true)
        #expect(warnings.first?.hasSuffix("(write https://a.example.com:8443)") == true)
        #expect(warnings.last?.contains("3.global.scheme: http goes unencrypted") == true)
        #expect(warnings.last?.hasSuffix("(write scheme: https)") == true)
    }

    @Test("of a tracker whose entry has a fault nothing, since that is told already")
    func faultyTracker() throws {
        let node = try YAMLDocument.parse("ours: { url: 'https://<domain>/?c={{clik_id}}' }", file: "postback.yaml")
        let (catalogue, faults) = TrackerCatalogue.adding(node, file: "postback.yaml")
        #expect(faults.count == 1)
        let document = try YAMLDocument.parse(
            Fixture.routes("tracker: ours\ndomain: o.example.com"),
            file: "routes.yaml"
        )
        #expect(RouteTable.load(document, file: "routes.yaml", trackers: catalogue).faults.isEmpty)
    }

    @Test("a rule's text with quotation marks stands in other ones")
    func quoting() throws {
        let postback = try Fixture.postback(yaml: "success: { body_contains: '\"ok\":1' }")
        let rules = try #require(postback.answerRules)
        guard case .rejected(let reason) = rules.judge(status: 200, body: Array("no".utf8), bodyIsComplete: true) else {
            Issue.record("it was delivered")
            return
        }
        #expect(reason.contains("does not hold '\"ok\":1', which"), "\(reason)")
    }
}
