import Letters
import Testing

struct ReplayDecisionTests {
    @Test(
        "a pace lets through so many a second, evenly, and makes up for no pause",
        arguments: [0.5, 1, 7, 250, 20_000]
    )
    func pace(perSecond: Double) {
        var pace = Pace(perSecond: perSecond)
        var sent = 0
        var now: Int64 = 1_000_000_000_000
        for _ in 0..<20_000 {
            let allowed = pace.allowance(now: now)
            pace.spend(max(0, allowed))
            sent += max(0, allowed)
            now += 1_000_000
        }
        #expect(abs(Double(sent) - 20 * perSecond) <= perSecond / 10 + 1, "\(sent)")
        now += 3_600_000_000_000
        #expect(pace.allowance(now: now) <= max(1, Int(perSecond / 10)))
    }

    @Test(
        "a rate is a number, also per second, minute or hour",
        arguments: [
            ("10", 10), ("10/s", 10), ("600/m", 10), ("36000/h", 10), ("0.5", 0.5), ("0", nil), ("-1", nil), ("x", nil),
            ("1/x", nil), ("1/s/s", nil), ("inf", nil), ("", nil),
        ] as [(String, Double?)]
    )
    func rate(text: String, rate: Double?) {
        #expect(Pace.parse(text) == rate)
    }

    @Test(
        "a canary stops at its share of failures, goes on when all are judged, and waits before",
        arguments: [
            (10, 0.5, 4, 0, 10, .wait), (10, 0.5, 5, 5, 10, .stop), (10, 0.5, 6, 4, 10, .goOn),
            (10, 0.5, 0, 5, 10, .stop),
            (10, 1, 1, 9, 10, .goOn), (10, 1, 0, 10, 10, .stop), (10, 0, 9, 1, 10, .stop), (10, 0, 10, 0, 10, .goOn),
            (10, 0.5, 3, 0, 3, .goOn), (10, 0.5, 1, 2, 3, .stop), (10, 0.5, 0, 0, 0, .goOn),
        ] as [(Int, Double, Int, Int, Int, Canary.Step)]
    )
    func canary(size: Int, share: Double, delivered: Int, failed: Int, sent: Int, step: Canary.Step) {
        var canary = Canary(size: size, share: share)
        for number in 0..<delivered + failed {
            let letter = ReplayedKey(event: "e\(number)", route: "1/global/default")
            canary.note(letter, isDelivered: number < delivered)
            canary.note(letter, isDelivered: true)
        }
        #expect(canary.step(sent: sent) == step)
    }

    @Test(
        "a share is 0 to 1, or a percentage",
        arguments: [("0.2", 0.2), ("20%", 0.2), ("100%", 1), ("1.1", nil), ("x", nil), ("%", nil), ("-1%", nil)]
            as [(String, Double?)]
    )
    func share(text: String, share: Double?) {
        #expect(Canary.share(text) == share)
    }

    @Test("a replay remembers what it replayed lately, and for ever what it does not know")
    func memory() {
        var memory = ReplayMemory()
        memory.noteUnknown(7)
        for letter in 100..<200_100 as Range<UInt64> { memory.noteReplayed(letter) }
        #expect(memory.find(200_099) == .replayed && memory.find(100_000) == .replayed)
        #expect(memory.find(100) == nil && memory.find(7) == .unknown && memory.find(8) == nil)
    }

    @Test("only a template that is known whole is sent again")
    func original() {
        let masked = "https://a.example/?token=***&cid={{click_id}}"
        let route: (name: String, value: LetterValue) = ("x-postback-route", .text("1/global/default"))
        func decide(_ template: String?, today: String? = nil) -> Result<Bool, ReplayTarget.ObstacleError> {
            let headers = template.map { [route, ("x-postback-template", LetterValue.text($0))] } ?? [route]
            return ReplayTarget.original.decide(letter(headers: headers)) { _ in today }
        }
        #expect(decide("https://a.example/?cid={{click_id}}") == .success(true))
        #expect(decide(masked, today: masked) == .success(false))
        for (template, obstacle) in [(masked, .masked), ("https://a.example/…", .cut), (nil, .missing)]
            as [(String?, ReplayTarget.Obstacle)]
        {
            guard case .failure(let error) = decide(template, today: "https://b.example/") else {
                Issue.record("\(template ?? "none") would be sent")
                continue
            }
            #expect(error.obstacle == obstacle)
        }
        let fresh = letter(headers: [("x-postback-reason", .text("invalid_event"))])
        #expect(ReplayTarget.original.decide(fresh) { _ in nil } == .success(false))
        #expect(ReplayTarget.current.decide(letter(headers: [route])) { _ in nil } == .success(false))
    }

    @Test("a record of the log counts only for its own replay")
    func records() {
        func record(_ json: String) -> ReplayRecord? { ReplayRecord(Array(json.utf8), replay: "20261126T081500Z-4f2a") }
        let replay = #""replay":"20261126T081500Z-4f2a""#
        #expect(
            record(#"{"kind":"attempt","verdict":"delivered","end":"delivered","attempt":1,\#(replay)}"#)?.end
                == .delivered
        )
        let dead = record(
            #"{"verdict":"rejected","end":"dead_letter","dead_letter":"rejected","attempt":2,\#(replay)}"#
        )
        #expect(dead?.end == .deadLetter && dead?.reason == "rejected" && dead?.attempt == 2)
        #expect(record(#"{"verdict":"retry","end":"retry","attempt":1,\#(replay)}"#)?.end == .retry)
        #expect(record(#"{"kind":"audit","id":"20261126T081500Z-4f2a"}"#) == nil)
        #expect(record(#"{"end":"delivered","replay":"20261126T081500Z-4f2b"}"#) == nil)
        #expect(record("not json 20261126T081500Z-4f2a") == nil)
        var tally = ReplayTally()
        let counts = dead.map { tally.add($0, now: 0) }
        #expect(counts == false && tally.failedAgain.isEmpty, "nobody awaits it")
    }

    private let route: (name: String, value: LetterValue) = ("x-postback-route", .text("1/global/default"))

    private func record(_ event: String, _ route: String, _ end: String, more: String = "") -> ReplayRecord {
        let text =
            #"{"event_id":"\#(event)","route":"\#(route)","end":"\#(end)","dead_letter":"rejected","verdict":"x","replay":"r"\#(more)}"#
        return ReplayRecord(Array(text.utf8), replay: "r")!
    }

    @Test("each delivery counts once, also when its record stands twice; two letters of one event and route are two")
    func tally() {
        var tally = ReplayTally()
        let twin = letter(#"{"id":"e1","publisher_id":"1"}"#, [route])
        tally.await(twin)
        tally.await(twin)
        tally.await(letter(#"{"id":"e2","publisher_id":"1"}"#, [route]))
        let first = record("e1", "1/global/default", "delivered")
        var news = [first, first].map { tally.add($0, now: 0) }
        #expect(news == [true, false] && tally.open(now: 0) == 2 && tally.delivered == 1)
        news = [
            record("e1", "1/global/default", "dead_letter"), record("e1", "1/global/other", "delivered"),
            record("e2", "1/global/default", "retry"),
        ].map { tally.add($0, now: 0) }
        #expect(news == [true, false, true], "the second is of no letter of this replay")
        #expect(tally.open(now: 0) == 1 && tally.retries == 1 && tally.failedAgain == ["rejected": 1])
        tally.forget(letter(#"{"id":"e2","publisher_id":"1"}"#, [route]))
        #expect(tally.open(now: 0) == 0 && tally.records == 4)
    }

    @Test("an event without a route is open until all its deliveries ended and none came for a while")
    func anew() {
        var tally = ReplayTally()
        tally.await(letter(#"{"id":"e1","publisher_id":"1"}"#))
        #expect(tally.open(now: 1 << 60) == 1, "nothing was told of it")
        _ = tally.add(record("e1", "a", "delivered"), now: 0)
        _ = tally.add(record("e1", "b", "retry"), now: 1)
        #expect(tally.open(now: 2 * ReplayTally.quiet) == 1 && tally.isQuiet(now: 2 * ReplayTally.quiet))
        _ = tally.add(record("e1", "b", "dead_letter"), now: 2)
        let again = tally.add(record("e1", "b", "dead_letter", more: #","at":"later""#), now: 3)
        #expect(!again, "it has ended")
        #expect(tally.open(now: 3) == 1 && tally.open(now: 2 + ReplayTally.quiet) == 0)
        #expect(tally.delivered == 1 && tally.failedCount == 1)
    }

    @Test("a slow replay holds few letters, and needs few connections for those that stay")
    func window() {
        let slow = PageWindow(perSecond: 15)
        #expect(slow.letters(onPage: 0) == 32 && slow.letters(onPage: 1) == 64)
        #expect(slow.letters(onPage: 19) == 4500 && slow.letters(onPage: 20) == 50_000)
        #expect(PageWindow(perSecond: 0.1).letters(onPage: 5) == 32)
        #expect(PageWindow(perSecond: 1e9).letters(onPage: 0) == 50_000)
        #expect(PageWindow(perSecond: nil).letters(onPage: 0) == 50_000)
        let whole = PageWindow(perSecond: nil, takesAll: true)
        #expect(whole.letters(onPage: 0) == 2048 && whole.letters(onPage: 1) == 50_000)
        #expect(PageWindow(perSecond: 15, takesAll: true).letters(onPage: 0) == 32)
    }
}
