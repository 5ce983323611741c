import Documents
import Settings
import Testing

@testable import Routing

@Suite("A routes file")
struct RoutesRefusalTests {
    private static let good = #"url: "https://a.example/{{click_id}}""#

    @Test(
        "with a faulty postback is refused with line, path and reason",
        arguments: [
            ("url: ''", ":4:12: error: publishers.1.global.url: the url is empty"),
            ("name: x", "the postback has no url and no tracker"),
            ("\(good)\nulr: x", "publishers.1.global.ulr: there is no key \"ulr\" here (probably url)"),
            ("\(good)\nmethod: DELETE", "the method \"DELETE\" cannot be used (allowed: GET, POST, PUT)"),
            ("\(good)\nmethod: []", "must be a text, not a list"),
            ("\(good)\ntimeout: 99ms", "out of range (from 100ms to 1m)"),
            ("\(good)\ntimeout: 61s", "out of range"), ("\(good)\ntimeout: 5", "has no unit"),
            ("\(good)\ntimeout: {}", "must be a text"),
            ("\(good)\nenabled: \"true\"", "without quotation marks"), ("\(good)\nenabled: yes", "write true"),
            ("\(good)\nenabled: OFF", "write false"), ("\(good)\nsuppress: maybe", "must be true or false"),
            ("\(good)\nenabled: []", "must be true or false, not a list"), ("\(good)\nname: a/b", "cannot be the name"),
            ("\(good)\nname: ''", "cannot be the name"),
            ("\(good)\nbody: x\ncontent_type: text/plain", "a GET has no body"),
            (
                "\(good)\nmethod: POST\nbody: '{}'",
                "needs a content_type beside it (probably content_type: application/json)"
            ),
            ("\(good)\nmethod: POST\ncontent_type: text/plain", "without a body"),
            ("\(good)\nmethod: POST\nbody: x\ncontent_type: text/xml", "cannot be filled"),
            ("\(good)\nmethod: POST\nbody: x\ncontent_type: 'text/plain; charset=latin1'", "cannot be filled"),
            (
                "\(good)\nmethod: POST\nbody: { a: b }\ncontent_type: application/json",
                "the body must be a text, not a mapping"
            ),
            (
                "\(good)\nmethod: POST\nbody: 'a={{payout}}&b=c d'\ncontent_type: application/x-www-form-urlencoded",
                "a form may not hold a blank"
            ),
            (
                "\(good)\nmethod: POST\nbody: 'a={{ payout | raw }}'\ncontent_type: application/x-www-form-urlencoded",
                "raw is not safe"
            ),
            ("\(good)\nmethod: POST\nbody: '\"{clickid}\"'\ncontent_type: application/json", "probably {{click_id}}"),
            (
                "\(good)\nmethod: POST\nbody: 'a&amp;b'\ncontent_type: application/x-www-form-urlencoded",
                "HTML spelling"
            ),
            ("\(good)\nheaders: x", "headers must be a mapping"),
            ("\(good)\nheaders: { X: 1, x: 2 }", "stands here twice"),
            ("\(good)\nheaders: { X: [] }", "must be a text, not a list"),
            ("url: [a]", "the url must be a text, not a list"),
            ("url: ' https://a.example/'", "begins or ends with a blank"),
        ]
    )
    func postback(fields: String, expected: String) throws {
        let errors = try Fixture.errors(ofPostback: fields)
        #expect(errors.contains { $0.contains(expected) }, "\(errors)")
        #expect(errors.allSatisfy { $0.hasPrefix("routes.yaml:") })
    }

    @Test(
        "of the wrong shape is refused with what is allowed",
        arguments: [
            ("", "must be a mapping with the key publishers"), ("[]", "must be a mapping"), ("x", "must be a mapping"),
            ("{}", "there is no key publishers"), ("mode: override", "there is no key publishers"),
            ("publishers:", "must be a mapping of publisher id"),
            ("publishers: []", "must be a mapping of publisher id"),
            ("publisher: {}", "probably publishers"), ("publishers: {}\nmode: all", "there is no mode \"all\""),
            ("publishers: {}\nmode: aditive", "probably additive"), ("publishers: {}\nmode: []", "must be a word"),
            ("publishers: { '1': x }", "must be a mapping with global"),
            ("publishers: { '1': [] }", "must be a mapping with global"),
            ("publishers: { '1': { url: x } }", "belongs to a postback"),
            ("publishers: { '1': { tracker: x } }", "belongs to a postback"),
            ("publishers: { '1': { ofers: {} } }", "probably offers"),
            ("publishers: { '1': { offers: [] } }", "mapping of offer id to postback"),
            ("publishers: { '1': { smartlinks: x } }", "mapping of smartlink id to postback"),
            ("publishers: { '1': { global: x } }", "must be a mapping or a list"),
            ("publishers: { '1': { global: } }", "a postback is missing"),
            ("publishers: { '1': { global: [] } }", "list of postbacks is empty"),
            ("publishers: { '1': { global: [x] } }", "must be a mapping, not a value"),
            ("publishers: { '1': { global: { } } }", "no url"),
            ("publishers: { '1': { offers: { '': { suppress: true } } } }", "id is empty"),
            ("publishers: { ' ': { global: { suppress: true } } }", "id is empty"),
            (
                "publishers: { '1': { global: [ { suppress: true }, { name: b, url: 'https://a.example/{{click_id}}' } ] } }",
                "must stand alone"
            ),
            (
                "publishers: { '1': { global: [ { url: 'https://a.example/{{click_id}}' }, { url: 'https://a.example/{{click_id}}' } ] } }",
                "named \"default\""
            ),
        ]
    )
    func shape(yaml: String, expected: String) throws {
        let (table, faults) = try Fixture.load(yaml)
        #expect(table == nil)
        #expect(faults.contains { $0.description.contains(expected) }, "\(faults)")
    }

    @Test("tells all its faults at once, each with its own line")
    func allFaults() throws {
        let errors = try Fixture.errors(
            """
            publishers:
              "1":
                global: { url: "https://a.example/?c={{cid}}" }
                offers:
                  "2": { url: "ftp://a.example/" }
                  "3": [ { name: a, url: "https://a.example/", timeout: 1h }, { name: a, suppress: true } ]
              "2": { mode: none, glbal: {} }
            """
        )
        #expect(errors.map { $0.split(separator: ":")[1] } == ["3", "5", "6", "6", "6", "7", "7"])
        #expect(errors.contains { $0.contains("publishers.1.offers.3[0].timeout") })
    }

    @Test(
        "that is empty on purpose is accepted",
        arguments: ["publishers: {}", "publishers: { '1': }", "publishers: { '1': { offers: } }"]
    )
    func empty(yaml: String) throws {
        let table = try Fixture.table(yaml)
        #expect(table.postbackCount == 0)
    }

    @Test("is warned of what has no effect, and loaded all the same")
    func warnings() throws {
        let (table, faults) = try Fixture.load(
            "publishers:\n  '1': { offers: { '2': { enabled: false } } }\n  '2': {}\n"
        )
        #expect(table?.publisherCount == 2)
        #expect(faults.count == 2 && faults.allSatisfy { $0.severity == .warning })
        #expect(faults.contains { $0.description.contains("suppress: true") })
    }

    @Test("stores equal templates, destinations and settings once")
    func interning() throws {
        let table = try Fixture.table(
            """
            publishers:
              a: { global: { url: "https://A.example/?c={{click_id}}", timeout: 2s } }
              b: { global: { url: "https://a.example:443/?c={{click_id}}", timeout: 2000ms } }
              c: { global: { url: "https://b.example?c={{click_id}}", timeout: 2s } }
            """
        )
        let postbacks = ["a", "b", "c"].compactMap { table.postback(forKey: Array("\($0)/global/default".utf8)) }
        #expect(postbacks.map(\.destinationIndex) == [0, 0, 1])
        #expect(Set(postbacks.map(\.record.target)).count == 1)
        #expect(Set(postbacks.map(\.record.settings)).count == 1)
        #expect(postbacks.first?.timeout == Milliseconds(2_000))
    }
}
