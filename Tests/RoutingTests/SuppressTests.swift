import Conversion
import Testing

@testable import Routing

@Suite("suppress")
struct SuppressTests {
    private static let routes = """
        publishers:
          "1":
            global: { url: "https://a.example/{{click_id}}" }
            offers:
              "5": { suppress: true, when: { countries: [DE], types: [sale] } }
        """

    @Test(
        "with conditions sends nothing where they hold, and is not there where they do not",
        arguments: [("DE", "sale", true), ("AT", "sale", false), ("DE", "lead", false)]
    )
    func when(country: String, type: String, isSuppressed: Bool) throws {
        let table = try Fixture.table(Self.routes)
        let event = try Fixture.event(["offer_id": "5", "country": "\"\(country)\"", "type": "\"\(type)\""])
        var resolution = Resolution()
        table.resolve(event, into: &resolution)
        #expect(resolution.postbacks.map(\.key) == (isSuppressed ? [] : ["1/global/default"]))
        #expect(resolution.noRouteReason == (isSuppressed ? .suppressed(.offer) : nil))
        #expect(resolution.suppressedBy == (isSuppressed ? .offer : nil))
        let explanation = table.explain(event, ExplanationCase.context)
        let offer = try #require(explanation.scopes.first { $0.scope == .offer })
        let global = try #require(explanation.scopes.first { $0.scope == .global })
        #expect(offer.state == (isSuppressed ? .suppressed : .filtered))
        #expect(offer.postbacks.map(\.state) == [isSuppressed ? .suppressed : .filtered])
        #expect(global.state == (isSuppressed ? .notAsked : .chosen))
    }

    @Test(
        "takes no other rule, and no part of a request without a url",
        arguments: [
            ("suppress: true\nsample: 0.5", "sample"), ("suppress: true\npayout_share: 0.5", "payout_share"),
            ("suppress: true\nmethod: POST", "method"),
            ("suppress: true\nurl: 'https://a.example/{{click_id}}'\nsample: 0.5", "sample"),
        ]
    )
    func refused(fields: String, key: String) throws {
        let errors = try Fixture.errors(ofPostback: fields)
        #expect(errors.count == 1)
        #expect(errors.first?.contains("\(key) means nothing beside suppress: true") == true, "\(errors)")
    }

    @Test(
        "may stand beside a request that is sent again some day",
        arguments: [
            "suppress: true\nurl: 'https://a.example/{{click_id}}'\ndelay: 5s\nmethod: PUT",
            "suppress: false\nurl: 'https://a.example/{{click_id}}'\nsample: 0.5",
            "suppress: true\nname: a\nenabled: false",
        ]
    )
    func allowed(fields: String) throws {
        #expect(try Fixture.errors(ofPostback: fields) == [])
    }
}
