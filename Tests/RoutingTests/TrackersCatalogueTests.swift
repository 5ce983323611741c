import Conversion
import Documents
import Settings
import Testing

@testable import Routing

@Suite("The catalogue of trackers")
struct TrackersCatalogueTests {
    private static let trackers = TrackerCatalogue.builtIn.trackers

    @Test("begins with the seed network's four, and has those of the issue")
    func names() {
        let names = Self.trackers.map(\.name)
        #expect(names.prefix(4) == ["voluum", "adsbridge", "thrivetracker", "mobidea"])
        let wanted = [
            "binom-v1", "binom-v2", "keitaro", "redtrack", "bemob", "peerclick", "funnelflux-pro", "clickflare",
            "prosper202", "tune", "everflow", "cake", "affise", "trackier", "offer18", "propellerads", "zeropark",
            "exoclick", "taboola", "rollerads",
        ]
        #expect(Set(wanted).isSubset(of: names))
        #expect(Set(names).count == names.count)
    }

    @Test("says which ones no page of their maker was found for")
    func unverified() {
        let names = Self.trackers.filter { !$0.isVerified }.map(\.name)
        #expect(
            names == [
                "thrivetracker", "mobidea", "binom-v2", "everflow", "propellerads", "zeropark", "rollerads", "mondiad",
            ]
        )
        for tracker in Self.trackers where tracker.isVerified { #expect(!tracker.sources.isEmpty, "\(tracker.name)") }
        for tracker in Self.trackers where !tracker.isVerified { #expect(!tracker.notes.isEmpty, "\(tracker.name)") }
    }

    @Test("holds entries that would be accepted from a configuration", arguments: trackers.map(\.name))
    func sound(name: String) throws {
        let tracker = try #require(TrackerCatalogue.builtIn[name])
        let json = JSONText.object([(name, .object(tracker.shape))]).written
        let node = try YAMLDocument.parse(json, file: "postback.yaml")
        let (catalogue, faults) = TrackerCatalogue.adding(node, file: "postback.yaml")
        #expect(faults.isEmpty, "\(faults)")
        #expect(catalogue.trackers.count == Self.trackers.count)
        #expect(try #require(catalogue[name]).json == tracker.json)
    }

    @Test("shows for each tracker a route that can be pasted", arguments: trackers.map(\.name))
    func snippet(name: String) throws {
        let tracker = try #require(TrackerCatalogue.builtIn[name])
        let (table, faults) = try Fixture.load(TrackerSnippet.routes(for: tracker))
        #expect(table?.postbackCount == 1)
        #expect(faults.allSatisfy { $0.severity == .warning && $0.message.contains("unverified") }, "\(faults)")
        #expect(faults.isEmpty == tracker.isVerified)
    }

    @Test("sends the click id with every tracker, and knows every token it uses", arguments: trackers.map(\.name))
    func tokens(name: String) throws {
        let tracker = try #require(TrackerCatalogue.builtIn[name])
        #expect(tracker.tokens.contains("click_id"))
        for token in tracker.tokens { #expect(TokenVocabulary.standard.source(of: token) != nil, "\(token)") }
        for input in tracker.inputs { #expect(!RouteKeys.postback.contains(input.name), "\(input.name)") }
    }

    @Test("finds a tracker in any case, and hints at one that is not there")
    func lookup() {
        let catalogue = TrackerCatalogue.builtIn
        #expect(catalogue["Voluum"]?.name == "voluum")
        #expect(catalogue["thrive"] == nil)
        #expect(catalogue.hint(for: "Thrive") == "probably thrivetracker")
        #expect(catalogue.hint(for: "binom") == "probably binom-v1 or binom-v2")
        #expect(catalogue.hint(for: "volum") == "probably voluum")
        #expect(catalogue.hint(for: "hasoffers") == "probably tune")
        #expect(catalogue.hint(for: "somethingelse").contains("postback trackers"))
    }

    @Test(
        "gives a route its answer rules",
        arguments: [
            ("tune", 200, "success=true;", "delivered"),
            ("tune", 200, "success=false; err_msg=Invalid Trans. ID #x;", "rejected"),
            ("tune", 200, "success=false; err_msg=Duplicate conversion;", "duplicate"),
            ("affise", 200, "{\"status\":1}", "delivered"),
            ("affise", 200, "{\"status\":2}", "rejected"),
            ("exoclick", 200, "OK", "delivered"),
            ("exoclick", 200, "ERROR: Tag is invalid!", "rejected"),
            ("exoclick", 200, "No tag data.", "rejected"),
            ("exoclick", 200, "ERROR: This conversion has already been notified and saved.", "duplicate"),
            ("taboola", 204, "", "delivered"),
            ("taboola", 200, "", "rejected"),
            ("taboola", 400, "", "byStatus"),
            ("offer18", 200, "Status: Conversion Recorded.", "delivered"),
            ("offer18", 200, "invalid transaction x", "rejected"),
            ("offer18", 200, "Cleared due to Multi Conversion", "duplicate"),
        ]
    )
    func answers(name: String, status: Int, body: String, verdict: String) throws {
        let tracker = try #require(TrackerCatalogue.builtIn[name])
        let table = try Fixture.table(TrackerSnippet.routes(for: tracker))
        let postback = try #require(table.postback(forKey: Array("1001/global/default".utf8)))
        let rules = try #require(postback.answerRules)
        let answer = rules.judge(status: status, body: Array(body.utf8), bodyIsComplete: true)
        #expect("\(answer)".hasPrefix(verdict), "\(answer)")
        if case .rejected(let reason) = answer, !body.isEmpty { #expect(reason.contains(body)) }
    }
}
