import Conversion
import Testing

@testable import Routing

@Suite("A token")
struct TokenTests {
    private static let event = """
        {"id": "ev-1", "publisher_id": 7, "offer_id": "o1", "smartlink_id": 9, "click_id": "c1", "type": "sale",
         "status": "pending", "payout": {"amount": "1.250", "currency": "EUR"}, "occurred_at": "2023-11-14T22:13:20Z",
         "clicked_at": "2023-11-14T22:00:00+01:00", "country": "DE", "region": "BE", "city": "Köln", "ip": "2001:db8::1",
         "user_agent": "UA/1", "device": "phone", "os": "iOS", "browser": "Saf", "carrier": "T", "language": "de",
         "referrer": "https://r.example/?a=b", "sub_ids": {"s1": "A b", "X": "big", "x": "small"},
         "parameters": {"n": 12.50, "b": true, "s": "t", "deep.name": "d"}, "test": true,
         "extra": {"list": [1, {"k": "v~/"}]}}
        """

    @Test(
        "stands for its value",
        arguments: [
            ("id", "ev-1"), ("event_id", "ev-1"), ("publisher_id", "7"), ("offer_id", "o1"), ("smartlink_id", "9"),
            ("click_id", "c1"), ("EXTERNAL_ID", "c1"), ("external_id", "c1"), ("Click_Id", "c1"), ("type", "sale"),
            ("status", "pending"), ("payout", "1.250"), ("payout.amount", "1.250"), ("MONEY", "1.250"),
            ("money", "1.250"),
            ("currency", "EUR"), ("payout.currency", "EUR"), ("occurred_at", "2023-11-14T22%3A13%3A20Z"),
            ("clicked_at", "2023-11-14T22%3A00%3A00%2B01%3A00"), ("country", "DE"), ("region", "BE"),
            ("city", "K%C3%B6ln"),
            ("ip", "2001%3Adb8%3A%3A1"), ("user_agent", "UA%2F1"), ("device", "phone"), ("os", "iOS"),
            ("browser", "Saf"),
            ("carrier", "T"), ("language", "de"), ("referrer", "https%3A%2F%2Fr.example%2F%3Fa%3Db"), ("test", "true"),
            ("sub_ids.s1", "A%20b"), ("sub_ids.X", "big"), ("SUB_IDS.x", "small"), ("sub_ids.none", ""),
            ("parameters.n", "12.50"), ("parameters.b", "true"), ("parameters.s", "t"), ("parameters.deep.name", "d"),
            ("parameters.none", ""), ("route", "1%2Fglobal%2Fdefault"), ("attempt", "3"), ("timestamp", "1700000000"),
            ("now", "1700000123"), ("random", "18446744073709551615"), ("country | lower", "de"),
            ("city|upper", "K%C3%96LN"),
            ("sub_ids.none | default:\"a b\"", "a%20b"), ("sub_ids.none|default:x|upper", "X"),
            ("country | default:'x' | lower", "de"), (#"sub_ids.none | default:"q\"\\|}}""#, "q%22%5C%7C%7D%7D"),
            ("sub_ids.none | upper | default:\"k\"", "k"), ("sub_ids.none | default:\"\"", ""), ("  click_id\t", "c1"),
            ("sub_ids.X | default:\"n\" | default:\"m\"", "big"),
        ]
    )
    func value(token: String, expected: String) throws {
        let context = RenderContext(attempt: 3, now: 1_700_000_123_999, random: .max)
        let target = try Fixture.target("https://a.example/?v={{\(token)}}", try Fixture.event(Self.event), context)
        #expect(target == "/?v=\(expected)")
    }

    @Test("that the event has nothing for comes out empty")
    func absent() throws {
        let event = try Fixture.event(#"{"id": "e", "publisher_id": 1}"#)
        let url = "https://a.example/?a={{payout}}&b={{city}}&c={{timestamp}}&d={{test}}&e={{type}}&f={{status}}"
        #expect(try Fixture.target(url, event) == "/?a=&b=&c=&d=false&e=conversion&f=approved")
    }

    @Test("of the click id stops the delivery when there is none", arguments: [nil, "\"\"", "null"] as [String?])
    func missing(clickID: String?) throws {
        let member = clickID.map { ", \"click_id\": \($0)" } ?? ""
        let event = try Fixture.event("{\"id\": \"e\", \"publisher_id\": 1\(member)}")
        for token in ["click_id", "EXTERNAL_ID", "click_id | lower"] {
            let name = token == "EXTERNAL_ID" ? token : "click_id"
            #expect(throws: RenderFault.missingToken(name)) {
                try Fixture.target("https://a.example/{{\(token)}}", event)
            }
        }
    }

    @Test(
        "of a time is in seconds, downwards also before 1970",
        arguments: [(0, "0"), (999, "0"), (-1, "-1"), (-1_000, "-1")]
    )
    func seconds(now: Int64, expected: String) throws {
        let context = RenderContext(attempt: 1, now: now, random: 0)
        #expect(
            try Fixture.target("https://a.example/{{now}}/{{random}}", try Fixture.event([:]), context)
                == "/\(expected)/0"
        )
    }

    @Test("may stand beside another")
    func adjacent() throws {
        let target = try Fixture.target(
            "https://a.example/{{click_id}}{{sub_ids.s1}}{{id}}",
            try Fixture.event(Self.event)
        )
        #expect(target == "/c1A%20bev-1")
    }

    @Test("finds its own value among many", arguments: [15, 16, 17, 32, 33, 100])
    func many(count: Int) throws {
        let names = (0..<count).map { $0 % 3 == 0 ? "attempt" : $0 % 3 == 1 ? "sub_ids.s1 | upper" : "click_id" }
        let url = "https://a.example/?" + names.enumerated().map { "p\($0)={{\($1)}}" }.joined(separator: "&")
        let values = (0..<count).map { $0 % 3 == 0 ? "1" : $0 % 3 == 1 ? "A%20B" : "c1" }
        let expected = "/?" + values.enumerated().map { "p\($0)=\($1)" }.joined(separator: "&")
        #expect(try Fixture.target(url, try Fixture.event(Self.event)) == expected)
    }

    @Test("may be an alias or a JSON Pointer of the configuration")
    func vocabulary() throws {
        let vocabulary = try TokenVocabulary(
            aliases: ["KLICK": "click_id", "money": "currency", "camp": "campaign", "s": "sub_ids.s1"],
            custom: [
                "campaign": "/extra/list/1/k", "own_click": "/click_id", "none": "/extra/none", "object": "/extra",
            ]
        )
        let url =
            "https://a.example/{{klick}}/{{MONEY}}/{{camp}}/{{Campaign}}/{{s}}/x{{none}}y/{{object | default:\"o\"}}"
        let target = try Fixture.target(url, try Fixture.event(Self.event), vocabulary: vocabulary)
        #expect(target == "/c1/EUR/v~%2F/v~%2F/A%20b/xy/o")
        let event = try Fixture.event(#"{"id": "e", "publisher_id": 1}"#)
        #expect(throws: RenderFault.missingToken("own_click")) {
            try Fixture.target("https://a.example/{{own_click}}", event, vocabulary: vocabulary)
        }
    }

    /// The example of CONTRACT section 3.
    @Test("of the configuration may lead into objects that stand in parameters")
    func nestedParameter() throws {
        let vocabulary = try TokenVocabulary(aliases: [:], custom: ["campaign": "/parameters/campaign/id"])
        let event = try Fixture.event(
            #"{"id": "e", "publisher_id": 1, "parameters": {"campaign": {"id": "k 7"}, "tier": 2}}"#
        )
        let target = try Fixture.target(
            "https://a.example/{{campaign}}?t={{parameters.tier}}&c={{parameters.campaign}}",
            event,
            vocabulary: vocabulary
        )
        #expect(target == "/k%207?t=2&c=")
    }

    @Test("of the configuration is refused when it means nothing or something else already")
    func faultyVocabulary() {
        let error = #expect(throws: TokenVocabulary.Invalid.self) {
            try TokenVocabulary(
                aliases: ["A": "clickid", "payout": "currency", "b c": "payout", "sub_ids.x": "payout"],
                custom: ["p": "no/slash", "now": "/x"]
            )
        }
        #expect(
            error?.flaws.map(\.key) == [
                "custom.now", "custom.p", "aliases.A", "aliases.b c", "aliases.payout", "aliases.sub_ids.x",
            ]
        )
        #expect(error?.flaws.first { $0.key == "aliases.A" }?.hint == "probably click_id")
        #expect(error?.description.contains("JSON Pointer") == true)
    }
}
