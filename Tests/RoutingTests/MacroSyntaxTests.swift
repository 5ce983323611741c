import Documents
import Testing

@testable import Routing

@Suite("A URL in another system's syntax")
struct MacroSyntaxTests {
    private func load(_ syntax: String, _ url: String) -> (table: RouteTable?, faults: [Fault]) {
        Fixture.load(Fixture.node(["url": url, "syntax": syntax]))
    }

    private static let members = [
        "sub_ids": #"{"s2": "two", "s3": "three"}"#, "payout": #"{"amount": "1.5"}"#, "country": "\"DE\"",
    ]

    @Test(
        "is filled as one in the worker's own",
        arguments: [
            ("braces", "?c={click_id}&p={payout}", "?c=c1&p=1.5"), ("{x}", "?c={click_id}", "?c=c1"),
            ("braces", "?c={ click_id }&d={ city | default:\"a}b\" }", "?c=c1&d=a%7Db"),
            ("hash", "?c=#click_id#&s=#sub_ids.s2##sub_ids.s3#", "?c=c1&s=twothree"), ("#x#", "/#click_id#", "/c1"),
            ("brackets", "?c=[click_id]&g=[country | lower]", "?c=c1&g=de"), ("[x]", "?c=[CLICK_ID]", "?c=c1"),
            ("dollar_braces", "?c=${click_id}&s=${sub_ids.s2}${sub_ids.s3}", "?c=c1&s=twothree"),
            ("${x}", "?c=${EXTERNAL_ID}&p=$5", "?c=c1&p=$5"),
            ("percent", "?c=%click_id%&s=%sub_ids.s2%%sub_ids.s3%", "?c=c1&s=twothree"),
            ("%x%", "?c=%CLICK_ID%&n=J%C3%BCrgen%20%41&x=100%25", "?c=c1&n=J%C3%BCrgen%20%41&x=100%25"),
            ("percent", "?n=%C3%click_id%", "?n=%C3c1"), ("percent", "?n=%20%click_id%%20", "?n=%20c1%20"),
            ("dollar", "?c=$click_id&p=$payout.amount", "?c=c1&p=1.5"),
            ("$x", "/$click_id.gif?s=$sub_ids.s2", "/c1.gif?s=two"),
            ("dollar", "?c=$click_id-$payout&x=$$&y=$", "?c=c1-1.5&x=$$&y=$"),
            ("angle", "?c=<click_id>&s=<sub_ids.s2><sub_ids.s3>", "?c=c1&s=twothree"),
            ("<x>", "?c=<click_id|upper>", "?c=C1"),
            ("mustache", "?c={{click_id}}", "?c=c1"), ("{{x}}", "?c={{click_id}}", "?c=c1"),
        ]
    )
    func filled(syntax: String, rest: String, expected: String) throws {
        let loaded = load(syntax, "https://a.example\(rest)")
        let table = try #require(loaded.table, "\(loaded.faults)")
        let postback = try #require(table.postback(forKey: Array("1/global/default".utf8)))
        var target: [UInt8] = []
        try postback.renderTarget(try Fixture.event(Self.members), Fixture.context, into: &target)
        #expect(String(decoding: target, as: UTF8.self) == (expected.hasPrefix("/") ? expected : "/" + expected))
    }

    @Test(
        "is refused where it is at fault, in its own words",
        arguments: [
            ("braces", "https://a.example/?c={{click_id}}", "{{ stands in it too"),
            ("hash", "https://a.example/?c=#click_id#&p={{payout}}", "written with #x#"),
            ("braces", "https://a.example/?c={clickid}", "there is no token {clickid}"),
            ("braces", "https://a.example/?c={clickid}", "probably {click_id}"),
            ("hash", "https://a.example/?c=#affid#", "probably #publisher_id#"),
            ("brackets", "https://a.example/?c=[subid]", "probably [click_id]"),
            ("dollar", "https://a.example/?c=$clickid&x=1", "probably $click_id"),
            ("percent", "https://a.example/?c=%TRANSACTION_ID%", "probably %event_id%"),
            ("percent", "https://a.example/?c=%campaign%&d={{x}}", "{{ stands in it too"),
            ("percent", "https://a.example/?c=%campaign%", "probably %offer_id%"),
            ("angle", "https://a.example/?c=<orderid>", "probably <event_id>"),
            ("dollar_braces", "https://a.example/?c=${SUBID}", "probably ${click_id}"),
            ("braces", "https://{country}.example/?c={click_id}", "a token may not stand in the host"),
            ("braces", "https://a.example/?c={click_id}&p=#payout#", "another system's syntax"),
            ("hash", "https://a.example/?c=#click_id#&p={payout}", "another system's syntax"),
            ("hash", "https://a.example/?c=#click_id#&p=#", "fragment"),
            ("percent", "https://a.example/?c=%zz", "two hexadecimal"),
            ("braces", "https://a.example/?c={click_id", "may not hold"),
            ("braces", "https://a.example/?c={click_id|md6}", "no filter md6"),
            ("dollar", "https://a.example/?c=${click_id}", "another system's syntax"),
        ]
    )
    func refused(syntax: String, url: String, problem: String) {
        let errors = load(syntax, url).faults.filter { $0.severity == .error }.map(\.description)
        #expect(errors.contains { $0.contains(problem) }, "\(errors)")
    }

    @Test("is blamed at the column where it was written")
    func columns() throws {
        let yaml = Fixture.routes("syntax: hash\nurl: \"https://a.example/?a=#country#&b=#clickid#\"")
        let errors = try Fixture.errors(yaml)
        #expect(errors.count == 1)
        let column = 6 + "url: \"https://a.example/?a=#country#&b=#".count + 1
        #expect(errors[0].hasPrefix("routes.yaml:5:\(column): error: publishers.1.global.url: "), "\(errors)")
    }

    @Test("may be told once for all URLs of a publisher, and otherwise for one of them")
    func publisherDefault() throws {
        let table = try Fixture.table(
            """
            publishers:
              "1":
                syntax: "[x]"
                global: { url: "https://a.example/[click_id]" }
                offers: { "5": { url: "https://a.example/{click_id}", syntax: braces } }
              "2":
                global: { url: "https://a.example/{{click_id}}" }
            """
        )
        for key in ["1/global/default", "1/offers/5/default", "2/global/default"] {
            let postback = try #require(table.postback(forKey: Array(key.utf8)))
            #expect(postback.templateText == "https://a.example/{{click_id}}")
        }
    }

    @Test("leaves headers and bodies in the worker's own")
    func bodies() throws {
        let postback = try Fixture.postback(
            yaml: """
                syntax: braces
                url: "https://a.example/{click_id}"
                method: POST
                content_type: application/json
                body: '{"cid": "{{click_id}}"}'
                headers: { X-Click: "{{click_id}}" }
                """
        )
        let event = try Fixture.event([:])
        var body: [UInt8] = []
        try postback.renderBody(event, Fixture.context, into: &body)
        #expect(String(decoding: body, as: UTF8.self) == #"{"cid": "c1"}"#)
    }

    @Test(
        "is refused by a name that does not exist",
        arguments: [("liquid", "allowed: mustache {{x}}, braces {x}"), ("brace", "probably braces"), ("", "allowed")]
    )
    func names(name: String, hint: String) throws {
        for yaml in [
            "publishers: { \"1\": { syntax: '\(name)' } }",
            Fixture.routes("url: 'https://a.example/'\nsyntax: '\(name)'"),
        ] {
            let errors = try Fixture.errors(yaml)
            #expect(
                errors.count == 1 && errors[0].contains("there is no syntax \"\(name)\"") && errors[0].contains(hint)
            )
        }
        #expect(try Fixture.errors(ofPostback: "url: 'https://a.example/'\nsyntax: [braces]").count == 1)
    }

    @Test("keeps an IPv6 host in brackets")
    func brackets() throws {
        let loaded = load("brackets", "https://[2001:db8::1]/?c=[click_id]")
        #expect(loaded.table?.destinations.map(\.host) == ["2001:db8::1"])
    }

    @Test("never lets a value out of its place, whatever the syntax", arguments: MacroSyntax.allCases, 0..<40)
    func injection(syntax: MacroSyntax, seed: Int) throws {
        var dice = Dice(seed)
        let (a, b) = (dice.text(12), dice.text(12))
        let event = try Fixture.event(["sub_ids": "{\"a\": \(Fixture.quoted(a)), \"b\": \(Fixture.quoted(b))}"])
        let url = "https://a.example/?x=\(syntax.token("sub_ids.a"))&y=\(syntax.token("sub_ids.b"))&z=1"
        let table = try #require(load(syntax.rawValue, url).table)
        var target: [UInt8] = []
        let postback = try #require(table.postback(forKey: Array("1/global/default".utf8)))
        try postback.renderTarget(event, Fixture.context, into: &target)
        let pairs = target.dropFirst(2).split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
        try #require(pairs.count == 3)
        #expect(PercentDecoding.decode(pairs[0].dropFirst(2)) == Array(a.utf8))
        #expect(PercentDecoding.decode(pairs[1].dropFirst(2)) == Array(b.utf8))
    }
}
