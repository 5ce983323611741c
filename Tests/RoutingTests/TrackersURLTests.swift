import Documents
import Settings
import Testing

@testable import Routing

@Suite("The URL of each tracker")
struct TrackersURLTests {
    /// One route by a tracker, and the URL that the tracker's documentation asks for.
    struct Case: Sendable, CustomTestStringConvertible {
        var tracker: String
        /// The lines beside `tracker:`.
        var fields: String
        var url: String
        /// Written in front of the event's other members.
        var status = "approved"

        init(_ tracker: String, _ fields: String, _ url: String, status: String = "approved") {
            self.tracker = tracker
            self.fields = fields
            self.url = url
            self.status = status
        }

        var testDescription: String { "\(tracker) \(status)" }
    }

    static let cases: [Case] = [
        Case(
            "voluum",
            "domain: abc.voluumtrk.example",
            "https://abc.voluumtrk.example/postback?cid=c1&payout=1.25&currency=EUR"
        ),
        Case(
            "voluum",
            """
            domain: abc.voluumtrk.example
            path: /my/account/
            parameters: { txid: true, et: true, param1: "{{sub_ids.campaign}}", param5: x, currency: false }
            """,
            "https://abc.voluumtrk.example/my/account/postback?cid=c1&payout=1.25&txid=e%201&et=sale&param1=a%26b&param5=x"
        ),
        Case("adsbridge", "domain: xxxxx.adsbtrk.com", "http://xxxxx.adsbtrk.com/trackpixel/track?tid=c1&amt=1.2500"),
        Case(
            "adsbridge",
            "domain: xxxxx.adsbtrk.com\nscheme: https\nparameters: { txid: \"{{event_id}}\", amt: \"{{payout|round:1}}\" }",
            "https://xxxxx.adsbtrk.com/trackpixel/track?tid=c1&amt=1.2&txid=e%201"
        ),
        Case(
            "thrivetracker",
            "domain: t.example.com\npath: any/path\nclick_id_parameter: s1\npayout_parameter: amount",
            "https://t.example.com/any/path?s1=c1&amount=1.25"
        ),
        Case(
            "mobidea",
            "domain: t.example.com\nclick_id_parameter: cid\nstatus_parameter: st\ncurrency_parameter: cur",
            "https://t.example.com/?cid=c1&cur=EUR&st=pending",
            status: "pending"
        ),
        Case(
            "binom-v1",
            "domain: track.example.com",
            "https://track.example.com/click.php?cnv_id=c1&payout=1.25&cnv_status=approved&cnv_currency=EUR"
        ),
        Case(
            "binom-v1",
            "domain: track.example.com\nparameters: { disable_postback: true, event1: 2 }",
            "https://track.example.com/click.php?cnv_id=c1&payout=1.25&cnv_status=hold&cnv_currency=EUR&disable_postback=1"
                + "&event1=2",
            status: "hold"
        ),
        Case(
            "binom-v2",
            "domain: track.example.com\npath: click\nclick_id_parameter: cnv_id",
            "https://track.example.com/click?cnv_id=c1&payout=1.25&cnv_status=approved"
        ),
        Case(
            "binom-v2",
            "domain: track.example.com\npath: postback\nclick_id_parameter: clickid",
            "https://track.example.com/postback?clickid=c1&payout=1.25&cnv_status=approved"
        ),
        Case(
            "keitaro",
            "domain: track.example.com\nkey: a1b2c3d",
            "https://track.example.com/a1b2c3d/postback?subid=c1&status=sale&payout=1.25&currency=EUR"
        ),
        Case(
            "keitaro",
            "domain: track.example.com\nkey: a1b2c3d\nparameters: { tid: true, return: true, payout: false }",
            "https://track.example.com/a1b2c3d/postback?subid=c1&status=lead&currency=EUR&tid=e%201&return=OK",
            status: "hold"
        ),
        Case(
            "keitaro",
            "domain: track.example.com\nkey: a1b2c3d",
            "https://track.example.com/a1b2c3d/postback?subid=c1&status=rejected&payout=1.25&currency=EUR",
            status: "reversed"
        ),
        Case(
            "redtrack",
            "domain: abc.rdtk.example\nparameters: { type: Purchase, status: true, rdtk_event_id: true }",
            "https://abc.rdtk.example/postback?clickid=c1&sum=1.25&type=Purchase&status=approved&rdtk_event_id=e%201"
        ),
        Case(
            "bemob",
            "domain: xxxxx.bemobtrcks.com\nparameters: { txid: true, status: true }",
            "https://xxxxx.bemobtrcks.com/postback?cid=c1&payout=1.25&txid=e%201&status=approved"
        ),
        Case("peerclick", "", "https://pstb.peerclick.com/postback?cid=c1&payout=1.25&currency=EUR"),
        Case("funnelflux-pro", "domain: f.example.com", "https://f.example.com/pb/?hit=c1&tx=e%201&rev=1.25"),
        Case(
            "clickflare",
            "domain: c.example.com",
            "https://c.example.com/cf/cv?click_id=c1&payout=1.25&txid=e%201"
        ),
        Case(
            "zeustrack",
            "domain: ztrk37.com\nparameters: { type: lead }",
            "http://ztrk37.com/postback?cid=c1&payout=1.25&type=lead"
        ),
        Case(
            "prosper202",
            "domain: p.example.com",
            "https://p.example.com/tracking202/static/gpb.php?subid=c1&amount=1.25"
        ),
        Case(
            "tune",
            "domain: net.go2cloud.org\nparameters: { offer_id: 12, goal_id: 3, adv_sub: x, adv_sub5: y, adv_unique1: true }",
            "http://net.go2cloud.org/aff_lsr?transaction_id=c1&amount=1.25&offer_id=12&goal_id=3&adv_sub=x&adv_unique1=e%201"
                + "&adv_sub5=y"
        ),
        Case(
            "everflow",
            "domain: e.example.com\npath: any\naccount: 77\nkey: sesame\nparameters: { event_id: 5, adv10: z }",
            "https://e.example.com/any?nid=77&transaction_id=c1&amount=1.25&verification_token=sesame&event_id=5&adv10=z"
        ),
        Case("cake", "domain: k.example.com", "https://k.example.com/p.ashx?r=c1&t=e%201"),
        Case(
            "cake",
            "domain: k.example.com\nparameters: { o: 12, e: 3 }",
            "https://k.example.com/p.ashx?r=c1&t=e%201&o=12&e=3"
        ),
        Case(
            "affise",
            "domain: a.example.com\nparameters: { goal: 2, action_id: true, custom_field7: x }",
            "https://a.example.com/postback?clickid=c1&sum=1.25&status=3&action_id=e%201&goal=2&custom_field7=x",
            status: "rejected"
        ),
        Case(
            "affise",
            "domain: a.example.com\nkey: s3cret",
            "https://a.example.com/postback?clickid=c1&sum=1.25&status=5&secure=s3cret",
            status: "hold"
        ),
        Case(
            "trackier",
            "domain: t.example.com\nkey: s3cret\nparameters: { txn_id: true, sub15: x }",
            "https://t.example.com/acquisition?click_id=c1&security_token=s3cret&revenue=1.25&currency=EUR&status=cancelled"
                + "&txn_id=e%201&sub15=x",
            status: "reversed"
        ),
        Case(
            "offer18",
            "domain: o.example.com\naccount: 12\nparameters: { event: deposit, adv_sub1: x, sale: \"{{payout}}\" }",
            "https://o.example.com/p?mid=12&tid=c1&event=deposit&sale=1.25&adv_sub1=x"
        ),
        Case(
            "propellerads",
            "aid: 1\npid: 2\ntid: 3",
            "http://ad.propellerads.com/conversion.php?aid=1&pid=2&tid=3&visitor_id=c1"
        ),
        Case(
            "zeropark",
            "account: 0f8fad5b-d9cb-469f-a165-70867728950e",
            "http://zp-postback.com/zppostback/0f8fad5b-d9cb-469f-a165-70867728950e?cid=c1"
        ),
        Case(
            "exoclick",
            "domain: s.example.com\ngoal: 0123456789abcdef0123456789abcdef\nparameters: { cpa: true }",
            "http://s.example.com/tag.php?goal=0123456789abcdef0123456789abcdef&tag=c1&cpa=1.25"
        ),
        Case(
            "exoclick",
            "domain: s.example.com\ngoal: 0123456789abcdef0123456789abcdef\nkey: s3cret",
            "http://s.example.com/tag.php?goal=0123456789abcdef0123456789abcdef&tag=c1&skey=s3cret"
        ),
        Case(
            "taboola",
            "event: make_purchase",
            "https://trc.taboola.com/actions-handler/log/3/s2s-action?click-id=c1&name=make_purchase&revenue=1.25"
                + "&currency=EUR&orderid=e%201"
        ),
        Case("mgid", "event: \"{{status}}55\"", "https://a.mgid.com/postback?c=c1&e=approved55&r=1.25"),
        Case(
            "rollerads",
            "account: 123\nkey: 0a1b",
            "https://eu.rollerads.com/conversion/c1/aid/123/0a1b"
        ),
        Case("mondiad", "account: 9", "https://postback.mondiad.com/track?uid=9&clickid=c1&payout=1.25"),
    ]

    @Test("is that of its documentation", arguments: cases)
    func rendered(tracker: Case) throws {
        #expect(try Self.url(tracker.tracker, tracker.fields, status: tracker.status) == tracker.url)
    }

    @Test("is shown for every tracker of the catalogue")
    func complete() {
        #expect(Set(Self.cases.map(\.tracker)) == Set(TrackerCatalogue.builtIn.trackers.map(\.name)))
    }

    /// What the route would send, as a whole URL.
    static func url(
        _ tracker: String,
        _ fields: String,
        status: String = "approved",
        trackers: TrackerCatalogue = .builtIn
    ) throws -> String {
        let routes = Fixture.routes("tracker: \(tracker)\n\(fields)")
        let document = try YAMLDocument.parse(routes, file: "routes.yaml")
        let (table, faults) = RouteTable.load(document, file: "routes.yaml", trackers: trackers)
        guard let postback = table?.postback(forKey: Array("1/global/default".utf8)) else {
            throw FaultyDocument(faults)
        }
        let event = try Fixture.event([
            "id": "\"e 1\"", "payout": "{\"amount\": \"1.25\", \"currency\": \"EUR\"}", "type": "\"sale\"",
            "status": Fixture.quoted(status), "sub_ids": "{\"campaign\": \"a&b\"}",
        ])
        var target: [UInt8] = []
        try postback.renderTarget(event, Fixture.context, into: &target)
        return postback.destination.origin + String(decoding: target, as: UTF8.self)
    }
}
