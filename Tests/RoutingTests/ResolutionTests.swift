import Conversion
import Testing

@testable import Routing

@Suite("A conversion")
struct ResolutionTests {
    private static let routes = """
        publishers:
          "1001":
            global: { url: "https://g.example/?c={{click_id}}" }
            offers:
              "5512": { url: "https://o.example/?c={{click_id}}" }
              "5513": { enabled: false, url: "https://off.example/?c={{click_id}}" }
              "5514": { suppress: true }
              "5515":
                - { name: a, url: "https://a.example/?c={{click_id}}" }
                - { name: b, enabled: false, url: "https://b.example/?c={{click_id}}" }
                - { name: c, url: "https://c.example/?c={{click_id}}" }
              "5516": { suppress: true, enabled: false, url: "https://x.example/?c={{click_id}}" }
            smartlinks:
              "77": { url: "https://s.example/{{click_id}}" }
              "78": { enabled: false, url: "https://soff.example/{{click_id}}" }
              "79": { suppress: true }
          additive:
            mode: additive
            global: { url: "https://g.example/?c={{click_id}}" }
            offers:
              "1": { url: "https://o.example/?c={{click_id}}" }
              "2": { suppress: true }
            smartlinks: { "77": { url: "https://s.example/{{click_id}}" } }
          fallback:
            mode: fallback
            global: { url: "https://g.example/?c={{click_id}}" }
            offers: { "1": { url: "https://o.example/?c={{click_id}}" } }
          off: { global: { enabled: false, url: "https://g.example/?c={{click_id}}" } }
          quiet: { global: { suppress: true } }
          specific: { offers: { "1": { url: "https://o.example/?c={{click_id}}" } } }
          "a/b c%": { offers: { "x/y": { name: n.1, url: "https://o.example/?c={{click_id}}" } } }
        """

    private func resolve(_ publisher: String, offer: String? = nil, smartlink: String? = nil) throws -> Resolution {
        var members = ["publisher_id": Fixture.quoted(publisher)]
        members["offer_id"] = offer.map(Fixture.quoted)
        members["smartlink_id"] = smartlink.map(Fixture.quoted)
        var resolution = Resolution()
        resolution.noRouteReason = .noPostback
        try Fixture.table(Self.routes).resolve(try Fixture.event(members), into: &resolution)
        return resolution
    }

    @Test(
        "goes to the most specific enabled postbacks",
        arguments: [
            ("1001", nil, nil, ["1001/global/default"]),
            ("1001", "9", nil, ["1001/global/default"]),
            ("1001", "5512", nil, ["1001/offers/5512/default"]),
            ("1001", "5513", nil, ["1001/global/default"]),
            ("1001", "5515", nil, ["1001/offers/5515/a", "1001/offers/5515/c"]),
            ("1001", "5516", nil, ["1001/global/default"]),
            ("1001", "5512", "77", ["1001/smartlinks/77/default"]),
            ("1001", "5514", "77", ["1001/smartlinks/77/default"]),
            ("1001", "5512", "78", ["1001/offers/5512/default"]),
            ("1001", "5513", "78", ["1001/global/default"]),
            ("1001", "77", "5512", ["1001/global/default"]),
            (
                "additive", "1", "77",
                ["additive/smartlinks/77/default", "additive/offers/1/default", "additive/global/default"]
            ),
            ("additive", "3", nil, ["additive/global/default"]),
            ("additive", "2", "77", ["additive/smartlinks/77/default"]),
            ("fallback", "1", nil, ["fallback/offers/1/default"]),
            ("specific", "1", nil, ["specific/offers/1/default"]),
            ("a/b c%", "x/y", nil, ["a%2Fb%20c%25/offers/x%2Fy/n.1"]),
        ] as [(String, String?, String?, [String])]
    )
    func chosen(publisher: String, offer: String?, smartlink: String?, keys: [String]) throws {
        let resolution = try resolve(publisher, offer: offer, smartlink: smartlink)
        #expect(resolution.postbacks.map(\.key) == keys)
        #expect(resolution.noRouteReason == nil)
    }

    @Test(
        "without a postback says why",
        arguments: [
            ("2002", nil, nil, .unknownPublisher), ("1001", "5514", nil, .suppressed(.offer)),
            ("1001", "5512", "79", .suppressed(.smartlink)), ("additive", "2", nil, .suppressed(.offer)),
            ("off", "1", nil, .disabled(.global)), ("quiet", nil, nil, .suppressed(.global)),
            ("specific", "2", nil, .noPostback), ("specific", nil, "1", .noPostback),
        ] as [(String, String?, String?, NoRouteReason)]
    )
    func noRoute(publisher: String, offer: String?, smartlink: String?, reason: NoRouteReason) throws {
        let resolution = try resolve(publisher, offer: offer, smartlink: smartlink)
        #expect(resolution.postbacks.isEmpty)
        #expect(resolution.noRouteReason == reason)
        #expect(!reason.description.isEmpty && !reason.code.isEmpty)
    }

    @Test("finds an integer id under the same digits")
    func integers() throws {
        var resolution = Resolution()
        let event = try Fixture.event(["publisher_id": "1001", "offer_id": "5512"])
        try Fixture.table(Self.routes).resolve(event, into: &resolution)
        #expect(resolution.postbacks.map(\.key) == ["1001/offers/5512/default"])
    }

    @Test("names the scope that is suppressed, also when others are sent before it")
    func suppressedBy() throws {
        let table = try Fixture.table(
            """
            publishers:
              "1":
                mode: additive
                global: { url: "https://a.example/{{click_id}}" }
                offers: { "5": { suppress: true } }
                smartlinks: { "7": { url: "https://a.example/{{click_id}}" } }
            """
        )
        var resolution = Resolution()
        table.resolve(try Fixture.event(["offer_id": "\"5\"", "smartlink_id": "\"7\""]), into: &resolution)
        #expect(resolution.postbacks.map(\.scope) == [.smartlink])
        #expect(resolution.suppressedBy == .offer)
        #expect(resolution.noRouteReason == nil)
        table.resolve(try Fixture.event([:]), into: &resolution)
        #expect(resolution.postbacks.map(\.scope) == [.global])
        #expect(resolution.suppressedBy == nil)
    }

    @Test("leaves nothing behind for the next one")
    func reuse() throws {
        let table = try Fixture.table(Self.routes)
        var resolution = Resolution()
        table.resolve(try Fixture.event(["publisher_id": "1001"]), into: &resolution)
        table.resolve(try Fixture.event(["publisher_id": "9"]), into: &resolution)
        #expect(resolution.postbacks.isEmpty && resolution.noRouteReason == .unknownPublisher)
        table.resolve(try Fixture.event(["publisher_id": "1001"]), into: &resolution)
        #expect(resolution.postbacks.count == 1 && resolution.noRouteReason == nil)
    }

    @Test("takes the file's mode where its publisher has none")
    func defaultMode() throws {
        let routes = """
            publishers:
              a: { global: { url: "https://g.example/{{click_id}}" }, offers: { "1": { url: "https://o.example/{{click_id}}" } } }
              b: { mode: override, global: { url: "https://g.example/{{click_id}}" }, offers: { "1": { url: "https://o.example/{{click_id}}" } } }
            mode: additive
            """
        let table = try Fixture.table(routes)
        var resolution = Resolution()
        table.resolve(try Fixture.event(["publisher_id": #""a""#, "offer_id": "1"]), into: &resolution)
        #expect(resolution.postbacks.map(\.scope) == [.offer, .global])
        table.resolve(try Fixture.event(["publisher_id": #""b""#, "offer_id": "1"]), into: &resolution)
        #expect(resolution.postbacks.map(\.scope) == [.offer])
    }

    @Test("has no postback in an empty table")
    func empty() throws {
        var resolution = Resolution()
        RouteTable.empty.resolve(try Fixture.event([:]), into: &resolution)
        #expect(resolution.noRouteReason == .unknownPublisher)
        #expect(RouteTable.empty.postbackCount == 0 && RouteTable.empty.destinations.isEmpty)
        #expect(RouteTable.empty.postback(forKey: Array("1/global/default".utf8)) == nil)
    }

    @Test("finds its postback again by the route key, as long as it can be sent")
    func byKey() throws {
        let table = try Fixture.table(Self.routes)
        let keys = [
            "1001/global/default", "1001/offers/5512/default", "1001/offers/5515/c", "1001/smartlinks/77/default",
            "a%2Fb%20c%25/offers/x%2Fy/n.1",
        ]
        for key in keys {
            let postback = try #require(table.postback(forKey: Array(key.utf8)))
            #expect(postback.key == key)
            #expect(postback.keyBytes == Array(key.utf8))
        }
        let gone = [
            "", "/", "1001", "1001/global", "1001/global/x", "1001/offers/5513/default", "1001/offers/5514/default",
            "1001/offers/5515/b", "2/global/default", "1001/offers/77/default", "1001/smartlinks/5512/default",
            "1001/offers/5512/default/x", "1001/other/5512/default", "off/global/default", "%/global/default",
            "%zz/global/default", "quiet/global/default", "1001//default", "1001/global/default/",
        ]
        for key in gone { #expect(table.postback(forKey: Array(key.utf8)) == nil, "\(key)") }
    }

    @Test("counts what can be sent, and each destination once")
    func counts() throws {
        let table = try Fixture.table(Self.routes)
        #expect(table.postbackCount == 12)
        #expect(table.publisherCount == 7)
        #expect(Set(table.destinations).count == table.destinations.count)
        let postback = try #require(table.postback(forKey: Array("1001/offers/5512/default".utf8)))
        #expect(table.destinations[postback.destinationIndex] == postback.destination)
        #expect(postback.destination.origin == "https://o.example")
        #expect(postback.templateText == "https://o.example/?c={{click_id}}")
        #expect(postback.name == "default" && postback.method == .get && postback.timeout == nil && !postback.hasBody)
    }
}
