import Documents
import Settings
import Testing

@testable import Routing

@Suite("What is allowed but seldom meant")
struct LintTests {
    private func warnings(_ yaml: String) throws -> [String] {
        let (table, faults) = try Fixture.load(yaml)
        #expect(table != nil, "\(faults)")
        #expect(faults.allSatisfy { $0.severity == .warning && $0.position != nil })
        return faults.map(\.description)
    }

    @Test(
        "is told as a warning",
        arguments: [
            ("https://192.0.2.1/{{click_id}}", "the host 192.0.2.1 is an IP address"),
            ("https://[2001:db8::1]/{{click_id}}", "the host 2001:db8::1 is an IP address"),
            ("https://a.example/{{click_id}}?u=https%253A%252F%252Fb", "\"%253A\" looks encoded twice (probably %3A"),
            ("https://a.example/?a=1&c={{click_id}}&a=2", "the parameter \"a\" stands here twice"),
            ("https://a.example/?a={{country}}", "no click id is sent"),
            ("https://a.example/{{click_id}}?x=" + String(repeating: "y", count: 1_970), "2003 characters long"),
        ]
    )
    func warned(url: String, problem: String) {
        let warnings = Fixture.warnings(ofURL: url)
        #expect(warnings.count == 1 && warnings[0].contains(problem), "\(warnings)")
    }

    @Test(
        "is not told of what is meant",
        arguments: [
            "https://a.example/{{click_id}}?x=100%25", "https://a.example/{{click_id}}?x=%25{{country}}",
            "https://1.example/{{click_id}}", "https://a1.b2/{{click_id}}", "http://a.example/{{click_id}}",
            "https://a.example/{{click_id}}?x=%25zz",
            "https://a.example/?" + String(repeating: "x", count: 1_965) + "={{click_id}}",
        ]
    )
    func silent(url: String) {
        #expect(Fixture.warnings(ofURL: url).isEmpty)
        #expect(Fixture.errors(ofURL: url).isEmpty)
    }

    @Test("is http where the same file knows the host by https, each origin once")
    func plainHTTP() throws {
        let yaml = """
            publishers:
              "1":
                global: { url: "http://a.example/{{click_id}}" }
                offers:
                  "1": { url: "https://A.example/other/{{click_id}}" }
                  "2": { url: "http://a.example/again/{{click_id}}" }
                  "3": { url: "http://b.example/{{click_id}}" }
            """
        let warnings = try warnings(yaml)
        #expect(warnings.count == 1)
        #expect(warnings[0].hasPrefix("routes.yaml:3:20: warning: publishers.1.global.url: http goes unencrypted"))
        #expect(warnings[0].contains("a.example by https") && warnings[0].contains("here and in 1 more"))
    }

    @Test("is kept as far as it is wanted, and counted beyond that")
    func boundedWarnings() throws {
        let publishers = (1...50).map { number in
            """
              "\(number)":
                global: { url: "https://192.0.2.1/{{click_id}}" }
                offers:
                  "1": { url: "https://a.example/?a={{country}}" }
            """
        }
        let document = try YAMLDocument.parse(
            "publishers:\n" + publishers.joined(separator: "\n"),
            file: "routes.yaml"
        )
        let all = RouteLoader(file: "routes.yaml").loaded(document)
        #expect(all.faults.count == 100 && all.omitted == 0)
        for most in [0, 1, 7, 99, 100, 1_000] {
            let some = RouteLoader(file: "routes.yaml", mostWarnings: most).loaded(document)
            #expect(some.faults == Array(all.faults.prefix(most)))
            #expect(some.omitted == max(0, 100 - most))
            #expect(some.postbacks == 100)
        }
    }

    @Test("is never bounded where it is an error")
    func everyError() throws {
        let document = try YAMLDocument.parse(
            "publishers:\n" + (1...50).map { "  \"\($0)\": { global: { url: nowhere } }\n" }.joined(),
            file: "routes.yaml"
        )
        let loader = RouteLoader(file: "routes.yaml", mostWarnings: 0)
        let (table, faults) = loader.finish(document)
        #expect(table == nil)
        #expect(faults.count == 50 && faults.allSatisfy { $0.severity == .error })
    }

    @Test("is a condition without conditions")
    func emptyWhen() throws {
        let warnings = try warnings(Fixture.routes("url: 'https://a.example/{{click_id}}'\nwhen: {}"))
        #expect(warnings.count == 1 && warnings[0].contains("every conversion matches"))
    }

    @Test(
        "is an error when it cannot work",
        arguments: [
            ("https://a.example/a b/{{click_id}}", "may not hold a blank"),
            ("https://a.example/?c=REPLACE", "place-holder"),
            ("https://a.example/?c=OPTIONAL", "place-holder"), ("https://a.example/?c={{click_id}}&amp;d=1", "HTML"),
            ("https://a.example/?c={{click_id}}¤cy=1", "&currency"),
            ("https://a.example/?c={{click_id}}¶m1=1", "&param1"),
        ]
    )
    func errors(url: String, problem: String) {
        #expect(Fixture.errors(ofURL: url).contains { $0.contains(problem) })
    }
}

extension RouteLoader {
    fileprivate func loaded(_ document: SourceNode) -> (faults: [Fault], omitted: Int, postbacks: Int?) {
        let (table, faults) = finish(document)
        return (faults, omittedWarnings, table?.postbackCount)
    }
}
