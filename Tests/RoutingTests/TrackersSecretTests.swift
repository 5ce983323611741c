import Conversion
import Documents
import Settings
import Testing

@testable import Routing

@Suite("What a tracker asks for as a secret")
struct TrackersSecretTests {
    /// A tracker's fields, and its template as it is shown.
    static let cases: [(fields: String, template: String)] = [
        (
            "tracker: affise\ndomain: p.example.com\nkey: sekretsekret",
            "https://p.example.com/postback?clickid={{click_id}}&sum={{payout}}&status="
                + "{{status|map:\"approved=1,pending=2,rejected=3,hold=5,reversed=3\"}}&secure=***"
        ),
        (
            "tracker: keitaro\ndomain: k.example.com\nkey: sekretsekret\nparameters: { status: false, currency: false }",
            "https://k.example.com/***/postback?subid={{click_id}}&payout={{payout}}"
        ),
        (
            "tracker: rollerads\naccount: 5\nkey: sekretsekret",
            "https://eu.rollerads.com/conversion/{{click_id}}/aid/5/***"
        ),
        (
            "tracker: trackier\ndomain: t.example.com\nkey: sekretsekret\nparameters: { status: false }",
            "https://t.example.com/acquisition?click_id={{click_id}}&security_token=***&revenue={{payout}}"
                + "&currency={{currency}}"
        ),
        (
            "tracker: exoclick\ndomain: e.example.com\nkey: sekretsekret\ngoal: 0123456789abcdef0123456789abcdef",
            "http://e.example.com/tag.php?goal=0123456789abcdef0123456789abcdef&tag={{click_id}}&skey=***"
        ),
        (
            "tracker: everflow\ndomain: e.example.com\npath: p\naccount: 7\nkey: sekretsekret",
            "https://e.example.com/p?nid=7&transaction_id={{click_id}}&amount={{payout}}&verification_token=***"
        ),
        // What the publisher writes for such a parameter himself, tokens and all.
        (
            "tracker: affise\ndomain: p.example.com\n"
                + "parameters: { secure: \"a{{offer_id}}sekretsekret\", sum: false, status: false }",
            "https://p.example.com/postback?clickid={{click_id}}&secure=***"
        ),
    ]

    private static func postback(_ fields: String) throws -> Postback {
        let table = try Fixture.table(Fixture.routes(fields))
        return try #require(table.postback(forKey: Array("1/global/default".utf8)))
    }

    @Test("is sent, and stands in no template that is shown and no URL", arguments: cases)
    func masked(fields: String, template: String) throws {
        let postback = try Self.postback(fields)
        #expect(postback.templateText == template)
        #expect(postback.usesSecrets)
        let event = try Fixture.event(["offer_id": "\"77\"", "payout": #"{"amount": "1.25", "currency": "EUR"}"#])
        var target: [UInt8] = []
        try postback.renderTarget(event, Fixture.context, into: &target)
        let sent = String(decoding: target, as: UTF8.self)
        #expect(sent.contains("sekretsekret"))
        let shown = try postback.maskedURL(event, Fixture.context)
        #expect(!shown.contains("sekret") && !shown.contains("a77"), "\(shown)")
        // Nothing else is hidden.
        let secret = sent.contains("a77sekretsekret") ? "a77sekretsekret" : "sekretsekret"
        let parts = sent.split(separator: secret, omittingEmptySubsequences: false)
        #expect(shown == postback.destination.origin + parts.joined(separator: "***"))
    }

    @Test("is among the words that an answer may not repeat")
    func echoed() throws {
        let event = try Fixture.event([:])
        let postback = try Self.postback(Self.cases[1].fields)
        #expect(postback.secretValues(event, Fixture.context, id: []).contains(Array("sekretsekret".utf8)))
    }

    @Test(
        "is not repeated where it cannot be used",
        arguments: [
            "tracker: keitaro\ndomain: k.example.com\nkey: 'sekret sekret'",
            "tracker: affise\ndomain: p.example.com\nkey: 'sekret/sekret'",
        ]
    )
    func fault(fields: String) throws {
        let errors = try Fixture.errors(Fixture.routes(fields))
        #expect(errors.count == 1 && !errors[0].contains("sekret"), "\(errors)")
    }

    @Test("is one too where the configuration says so, but not in a host")
    func configuration() throws {
        func load(_ url: String) throws -> (catalogue: TrackerCatalogue, faults: [String]) {
            let yaml = """
                ours:
                  url: "\(url)"
                  inputs: { pass: { kind: text, meaning: the password, example: abc, secret: true } }
                """
            let node = try YAMLDocument.parse(yaml, file: "postback.yaml")
            let (catalogue, faults) = TrackerCatalogue.adding(node, file: "postback.yaml")
            return (catalogue, faults.map(\.description))
        }
        let (catalogue, faults) = try load("https://<domain>/<pass>/in?c={{click_id}}")
        #expect(faults.isEmpty, "\(faults)")
        let yaml = Fixture.routes("tracker: ours\ndomain: o.example.com\npass: hush-hush")
        let document = try YAMLDocument.parse(yaml, file: "routes.yaml")
        let (table, _) = RouteTable.load(document, file: "routes.yaml", trackers: catalogue)
        let postback = try #require(table?.postback(forKey: Array("1/global/default".utf8)))
        #expect(postback.templateText == "https://o.example.com/***/in?c={{click_id}}")
        let refused = try load("https://<pass>.example.com/in?c={{click_id}}").faults
        #expect(
            refused.count == 1 && refused[0].contains("a secret may not stand in the scheme, host or port"),
            "\(refused)"
        )
    }
}
