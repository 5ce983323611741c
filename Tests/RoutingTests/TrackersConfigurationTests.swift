import Documents
import Settings
import Testing

@testable import Routing

@Suite("The trackers of a configuration")
struct TrackersConfigurationTests {
    private static func load(_ yaml: String) throws -> (catalogue: TrackerCatalogue, faults: [String]) {
        let node = try YAMLDocument.parse(yaml, file: "postback.yaml")
        let trackers = node.entries?.first { $0.key == "trackers" }?.value
        let (catalogue, faults) = TrackerCatalogue.adding(
            try #require(trackers),
            file: "postback.yaml"
        )
        return (catalogue, faults.map(\.description))
    }

    @Test("are added behind the built-in ones, and work like them")
    func added() throws {
        let (catalogue, faults) = try Self.load(
            """
            trackers:
              ours:
                title: Our tracker
                url: 'https://<domain>/<path>/in/<account>?c={{click_id}}&sum={{payout|default:"0&0"}}&s=<status>&k=<key>'
                inputs:
                  account: { kind: number, meaning: the number of the account, example: "7" }
                  key: { required: false, meaning: the key, example: abc }
                parameters:
                  tx: "{{event_id}}"
                  sum: { meaning: the money, need: required }
                  note: { meaning: a note }
                statuses: { approved: ok, rejected: no }
                success: { status: [200, 201], body_contains: done, json: { pointer: /ok, equals: true } }
                duplicate: { body_contains: [again, twice] }
                notes: one
                sources: [https://ours.example/docs]
                verified: true
            """
        )
        #expect(faults.isEmpty, "\(faults)")
        #expect(catalogue.trackers.last?.name == "ours")
        let ours = try #require(catalogue["ours"])
        #expect(ours.inputs.map(\.name) == ["domain", "account", "key", "path"])
        #expect(ours.success?.json?.pointer == "/ok")
        #expect(
            try TrackersURLTests.url("ours", "domain: o.example.com\naccount: 12", trackers: catalogue)
                == "https://o.example.com/in/12?c=c1&sum=1.25&s=ok"
        )
        let more = "domain: o.example.com\npath: x/y\naccount: 12\nkey: z\nparameters: { tx: true, note: hi, s: \"1\" }"
        #expect(
            try TrackersURLTests.url("ours", more, trackers: catalogue)
                == "https://o.example.com/x/y/in/12?c=c1&sum=1.25&s=1&k=z&tx=e%201&note=hi"
        )
    }

    @Test("take the place of a built-in one with their name")
    func replaced() throws {
        let (catalogue, faults) = try Self.load(
            "trackers: { voluum: { url: \"https://<domain>/pb?click={{click_id}}\", verified: false } }"
        )
        #expect(faults.isEmpty, "\(faults)")
        #expect(catalogue.trackers.count == TrackerCatalogue.builtIn.trackers.count)
        #expect(catalogue.trackers.first?.name == "voluum")
        #expect(catalogue["voluum"]?.isVerified == false)
        #expect(
            try TrackersURLTests.url("voluum", "domain: a.example.com", trackers: catalogue)
                == "https://a.example.com/pb?click=c1"
        )
    }

    @Test("may be none", arguments: ["trackers: {}", "trackers:"])
    func none(yaml: String) throws {
        let (catalogue, faults) = try Self.load(yaml)
        #expect(faults.isEmpty)
        #expect(catalogue.trackers.count == TrackerCatalogue.builtIn.trackers.count)
    }

    @Test(
        "are refused with the line and what is allowed",
        arguments: [
            ("[ours]", "trackers: must be a mapping from the name", ""),
            ("{ Ours: { url: \"https://<domain>/?c={{click_id}}\" } }", "must be in lower case", "probably ours"),
            (
                "{ \"a b\": { url: \"https://<domain>/?c={{click_id}}\" } }", "cannot be the name of a tracker",
                "letters"
            ),
            ("{ ours: https://a.example }", "must be a mapping with a url", "<domain>"),
            ("{ ours: {} }", "the tracker has no url", "such as url:"),
            ("{ ours: { url: \"\" } }", "the tracker has no url", "such as url:"),
            ("{ ours: { ulr: x } }", "no key \"ulr\"", "probably url"),
            ("{ ours: { url: \"ftp://<domain>/?c={{click_id}}\" } }", "ftp", ""),
            ("{ ours: { url: \"https://<domain>/?c={{clickid}}\" } }", "no token {{clickid}}", "{{click_id}}"),
            ("{ ours: { url: \"https://<domain>/?c={clickid}\" } }", "another system's syntax", "{{click_id}}"),
            (
                "{ ours: { url: \"https://<domain>/?c={{click_id}}&x\" } }", "\"x\" of the url has no value",
                "parameters"
            ),
            ("{ ours: { url: \"https://<domain>/<foo>?c={{click_id}}\" } }", "asks for <foo>", "inputs: { foo:"),
            (
                "{ ours: { url: \"https://<domain>/?c={{click_id}}\", inputs: { foo: { meaning: m, example: e } } } }",
                "nothing asks for the input foo", "<foo>"
            ),
            (
                "{ ours: { url: \"https://<domain>/<url>?c={{click_id}}\", inputs: { url: { meaning: m, example: e } } } }",
                "cannot be the name of an input", ""
            ),
            (
                "{ ours: { url: \"https://<domain>/<a>?c={{click_id}}\", inputs: { a: { kind: nmber } } } }",
                "must be one of domain", "probably number"
            ),
            (
                "{ ours: { url: \"https://<domain>/<a>?c={{click_id}}\", inputs: { a: { meaning: m } } } }",
                "needs a meaning and an example", ""
            ),
            (
                "{ ours: { url: \"https://<domain>/<a>?c={{click_id}}\", inputs: { a: { kind: number, meaning: m, example: x } } } }",
                "must be digits", ""
            ),
            (
                "{ ours: { url: \"https://<domain>/?c={{click_id}}\", inputs: [domain] } }",
                "must be a mapping of name to input", ""
            ),
            (
                "{ ours: { url: \"https://<domain>/?c={{click_id}}\", parameters: [a] } }",
                "must be a mapping of name to parameter", ""
            ),
            (
                "{ ours: { url: \"https://<domain>/?c={{click_id}}\", parameters: { a: \"{{nope}}\" } } }",
                "no token {{nope}}", ""
            ),
            (
                "{ ours: { url: \"https://<domain>/?c={{click_id}}\", parameters: { a: { need: sent } } } }",
                "needs a value", ""
            ),
            (
                "{ ours: { url: \"https://<domain>/?c={{click_id}}\", parameters: { a: { need: often } } } }",
                "must be one of required, sent, optional", ""
            ),
            (
                "{ ours: { url: \"https://<domain>/?c={{click_id}}\", statuses: { aproved: x } } }",
                "no status \"aproved\"", "probably approved"
            ),
            (
                "{ ours: { url: \"https://<domain>/?c={{click_id}}\", statuses: { approved: \"a,b\" } } }",
                "must be a word", ""
            ),
            (
                "{ ours: { url: \"https://<domain>/?c={{click_id}}\", success: { status: 99 } } }",
                "\"99\" is not an HTTP status", "200-299"
            ),
            (
                "{ ours: { url: \"https://<domain>/?c={{click_id}}\", duplicate: { body: x } } }",
                "duplicate", "body_contains"
            ),
            (
                "{ ours: { url: \"https://<domain>/?c={{click_id}}\", verified: maybe } }",
                "must be true or false", ""
            ),
            (
                "{ ours: { url: \"https://<domain>/?c={{click_id}}\", notes: { a: b } } }",
                "must be a text or a list", ""
            ),
        ]
    )
    func refused(trackers: String, problem: String, hint: String) throws {
        let (catalogue, faults) = try Self.load("trackers:\n  \(trackers)")
        #expect(catalogue["ours"] == nil)
        #expect(faults.contains { $0.contains(problem) && $0.contains(hint) }, "\(faults)")
        #expect(faults.allSatisfy { $0.hasPrefix("postback.yaml:2:") }, "\(faults)")
    }

    @Test("that are faulty do not keep the others out")
    func partly() throws {
        let (catalogue, faults) = try Self.load(
            """
            trackers:
              bad: { url: 1 }
              good: { url: "https://<domain>/?c={{click_id}}" }
            """
        )
        #expect(faults.count == 1, "\(faults)")
        #expect(catalogue["bad"] == nil && catalogue["good"] != nil)
    }

    @Test("are those of the example under schemas without a fault")
    func example() throws {
        let folder = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let node = try YAMLDocument.load(path: folder + "/schemas/examples/config/valid/trackers.yaml")
        let trackers = try #require(node.entries?.first { $0.key == "trackers" }?.value)
        let (catalogue, faults) = TrackerCatalogue.adding(trackers, file: "trackers.yaml")
        #expect(faults.isEmpty, "\(faults)")
        #expect(catalogue["ours"] != nil && catalogue["voluum"]?.isVerified == false)
    }
}
