import Documents
import Testing

@testable import Routing

@Suite("What is wrong with a tracker in the routes")
struct TrackersFaultTests {
    @Test(
        "is told with what is missing, an example, or what was meant",
        arguments: [
            ("tracker: volum\ndomain: a.example.com", "no tracker \"volum\"", "probably voluum"),
            ("tracker: Thrive", "no tracker \"Thrive\"", "probably thrivetracker"),
            ("tracker: binom", "no tracker \"binom\"", "probably binom-v1 or binom-v2"),
            ("tracker: xyzzyplugh", "no tracker \"xyzzyplugh\"", "`postback trackers` lists them"),
            ("tracker: \"\"", "must be a name, not empty", "such as voluum"),
            ("tracker: [voluum]", "must be a name, not a list", "such as voluum"),
            ("tracker:", "must be a name, not nothing", "such as voluum"),
            ("tracker: voluum", "Voluum needs domain: the domain of your account", "domain: abc.voluumtrk.example"),
            ("tracker: keitaro\ndomain: a.example.com", "Keitaro needs key", "such as key: a1b2c3d"),
            ("tracker: voluum\ndomain:", "domain must be a text, not nothing", "abc.voluumtrk.example"),
            ("tracker: voluum\ndomain: [a.example.com]", "domain must be a text, not a list", "abc.voluumtrk"),
            ("tracker: voluum\ndomain: \"\"", "the domain is empty", "such as abc.voluumtrk.example"),
            ("tracker: voluum\ndomain: https://a.example.com/postback", "is a URL", "probably a.example.com"),
            ("tracker: voluum\ndomain: 192.0.2.1", "is an IP address", "name of the host"),
            (
                "tracker: voluum\ndomain: a.example.com\ndoman: b.example.com", "Voluum takes no \"doman\"",
                "probably domain"
            ),
            ("tracker: voluum\ndomain: a.example.com\naccount: 1", "takes no \"account\"", "domain, path, parameters"),
            ("tracker: voluum\ndomain: a.example.com\ntxid: x", "takes no \"txid\"", "under parameters: { txid: ... }"),
            ("tracker: voluum\ndomain: a.example.com\nparam3: x", "takes no \"param3\"", "under parameters"),
            ("tracker: voluum\ndomain: a.example.com\nurl: https://a.example.com/", "a url or a tracker", "leave one"),
            ("tracker: voluum\ndomain: a.example.com\npath: /x?y=1", "more than a path", "such as my"),
            ("tracker: voluum\ndomain: a.example.com\npath: ../x", "segments of a path", "such as my"),
            ("tracker: voluum\ndomain: a.example.com\npath: a//b", "segments of a path", "such as my"),
            ("tracker: voluum\ndomain: a.example.com\npath: \"a b\"", "segments of a path", "such as my"),
            ("tracker: voluum\ndomain: a.example.com\npath: \"{{click_id}}\"", "more than a path", "such as my"),
            ("tracker: adsbridge\ndomain: a.example.com\nscheme: htps", "scheme cannot be \"htps\"", "probably http"),
            ("tracker: rollerads\naccount: a1\nkey: x", "account \"a1\" must be digits", "12345"),
            ("tracker: rollerads\naccount: 1\nkey: a/b", "must be letters, digits", "0a1b2c"),
            ("tracker: zeropark\naccount: 123", "32 hexadecimal digits", "0f8fad5b"),
            ("tracker: zeropark\naccount: 0f8f-ad5bd9cb469fa165-70867728950e", "32 hexadecimal digits", "0f8fad5b"),
            ("tracker: exoclick\ndomain: a.example.com\ngoal: 12", "32 hexadecimal digits", "0123456789"),
            ("tracker: taboola\nevent: \"a b\"", "a URL may not hold a blank", "%20"),
            ("tracker: taboola\nevent: \"{{clickid}}\"", "no token {{clickid}}", "probably {{click_id}}"),
            (
                "tracker: mobidea\ndomain: a.example.com", "needs click_id_parameter",
                "such as click_id_parameter: clickid"
            ),
            (
                "tracker: mobidea\ndomain: a.example.com\nclick_id_parameter: \"a=b\"", "must be letters, digits",
                "clickid"
            ),
            (
                "tracker: voluum\ndomain: a.example.com\nparameters: [txid]", "must be a mapping of name to value",
                "txid"
            ),
            (
                "tracker: voluum\ndomain: a.example.com\nparameters: { txid: [1] }", "must be a text, not a list",
                "true sends the tracker's own value"
            ),
            ("tracker: voluum\ndomain: a.example.com\nparameters: { txid: \"\" }", "is empty", "false leaves"),
            ("tracker: voluum\ndomain: a.example.com\nparameters: { cid: false }", "cannot do without cid", "click id"),
            (
                "tracker: voluum\ndomain: a.example.com\nparameters: { param1: true }", "does not say what param1",
                "value"
            ),
            ("tracker: voluum\ndomain: a.example.com\nparameters: { \"a&b\": x }", "cannot be the name", "letters"),
            ("tracker: voluum\ndomain: a.example.com\nparameters: { et: \"a&payout=9\" }", "may not hold \"&\"", "%26"),
            ("tracker: voluum\ndomain: a.example.com\nparameters: { et: \"a#b\" }", "fragment", "%23"),
            ("tracker: voluum\ndomain: a.example.com\nparameters: { et: \"{event}\" }", "another system's", "{{type}}"),
            ("tracker: voluum\ndomain: a.example.com\nparameters: { et: OPTIONAL }", "place-holder", ""),
            (
                "url: \"https://a.example.com/?c={{click_id}}\"\ndomain: a.example.com", "belongs to a tracker",
                "tracker:"
            ),
        ]
    )
    func refused(fields: String, problem: String, hint: String) throws {
        let errors = try Fixture.errors(ofPostback: fields)
        #expect(errors.count == 1, "\(errors)")
        #expect(errors.contains { $0.contains(problem) && $0.contains(hint) }, "\(errors)")
    }

    @Test("are all told at once, each where it stands")
    func places() throws {
        let errors = try Fixture.errors(
            ofPostback: """
                tracker: exoclick
                domain: https://s.example.com
                goal: xyz
                parameters:
                  cpa: "{{payot}}"
                  tag: false
                """
        )
        #expect(errors.count == 4, "\(errors)")
        #expect(errors.contains { $0.hasPrefix("routes.yaml:5:15: error: publishers.1.global.domain: ") }, "\(errors)")
        #expect(errors.contains { $0.hasPrefix("routes.yaml:6:13: error: publishers.1.global.goal: ") }, "\(errors)")
        let parameters = "error: publishers.1.global.parameters"
        #expect(errors.contains { $0.hasPrefix("routes.yaml:8:17: \(parameters).cpa: ") }, "\(errors)")
        #expect(errors.contains { $0.hasPrefix("routes.yaml:9:14: \(parameters).tag: ") }, "\(errors)")
    }

    @Test("is a warning where the tracker is unverified, or is not known to read a parameter")
    func warnings() throws {
        func warnings(_ fields: String) throws -> [String] {
            let (table, faults) = try Fixture.load(Fixture.routes(fields))
            #expect(table != nil, "\(faults)")
            return faults.map(\.description)
        }
        let thrive = "tracker: thrivetracker\ndomain: t.example.com\nclick_id_parameter: s1"
        let unverified = try warnings(thrive)
        #expect(unverified.count == 1)
        #expect(
            unverified.contains { $0.contains("warning: publishers.1.global.tracker: ThriveTracker is unverified") }
        )
        let unknown = try warnings("tracker: voluum\ndomain: a.example.com\nparameters: { txidd: x }")
        #expect(unknown.count == 1)
        #expect(unknown.contains { $0.contains("not known to read a parameter \"txidd\"") && $0.contains("txid)") })
        #expect(try warnings("tracker: voluum\ndomain: a.example.com\nparameters: { param5: x }").isEmpty)
        #expect(try warnings("tracker: voluum\ndomain: a.example.com\nparameters: { param6: x }").count == 1)
        #expect(try warnings("tracker: voluum\ndomain: a.example.com\nenabled: false").isEmpty)
        let noClick = try warnings("tracker: voluum\ndomain: a.example.com\nparameters: { cid: \"{{event_id}}\" }")
        #expect(noClick.contains { $0.contains("no click id is sent") })
    }

    @Test("gives way to the route's own rules")
    func ownRules() throws {
        let fields = "tracker: tune\ndomain: a.example.com\nsuccess: { body_contains: fine }"
        let table = try Fixture.table(Fixture.routes(fields))
        let postback = try #require(table.postback(forKey: Array("1/global/default".utf8)))
        let rules = try #require(postback.answerRules)
        #expect(rules.judge(status: 200, body: Array("fine".utf8), bodyIsComplete: true) == .delivered)
        #expect(rules.judge(status: 200, body: Array("Duplicate conversion".utf8), bodyIsComplete: true) == .duplicate)
    }

    @Test("is never a crash, and an entry can never leave its place", arguments: 0..<400)
    func garbage(seed: Int) throws {
        var dice = Dice(seed)
        let fields = [
            "tracker": "everflow", "domain": "e.example.com", "path": dice.text(4), "account": dice.text(3),
            "key": dice.text(3),
        ]
        let document = Fixture.node(fields.filter { !$0.value.isEmpty })
        guard let table = Fixture.load(document).table else { return }
        let postback = try #require(table.postback(forKey: Array("1/global/default".utf8)))
        #expect(postback.destination.origin == "https://e.example.com")
        let text = postback.templateText
        #expect(text.filter { $0 == "?" }.count == 1)
        #expect(text.filter { $0 == "&" }.count == (fields["key"]?.isEmpty == true ? 2 : 3), "\(text)")
    }
}
