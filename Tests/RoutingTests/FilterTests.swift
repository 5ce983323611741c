import Conversion
import Testing

@testable import Routing

@Suite("The filters of a token")
struct FilterTests {
    private static let event = [
        "payout": #"{"amount": "12.345", "currency": "eur"}"#, "status": "\"pending\"", "country": "\"de\"",
        "occurred_at": "\"2024-02-29T23:59:58.900+02:00\"", "clicked_at": "\"1969-12-31T23:59:59.500Z\"",
        "sub_ids": #"{"text": "Grüße 😀", "number": "7.5", "long": "abcdefghij", "seconds": "86400"}"#,
        "parameters": #"{"exp": 1.5e2, "flag": true, "word": "abc"}"#,
    ]

    private func value(_ token: String, _ members: [String: String] = event) throws -> String {
        let event = try Fixture.event(members)
        var body: [UInt8] = []
        let fields = [
            "url": "https://a.example/", "method": "POST", "body": "{{ \(token) }}", "content_type": "text/plain",
        ]
        try Fixture.postback(fields).renderBody(event, Fixture.context, into: &body)
        return String(decoding: body, as: UTF8.self)
    }

    @Test(
        "do what the contract says",
        arguments: [
            ("country | upper", "DE"), ("currency | UPPER", "EUR"), ("sub_ids.text | lower", "grüße 😀"),
            ("sub_ids.text | upper", "GRÜSSE 😀"), ("city | default:\"none\"", "none"), ("city | default:''", ""),
            ("country | default:x", "de"),
            ("parameters.word | md5", "900150983cd24fb0d6963f7d28e17f72"),
            ("parameters.word | sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            ("parameters.word | sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            ("parameters.word | md5 | upper | truncate:4", "9001"),
            ("parameters.word | base64", "YWJj"), ("sub_ids.text | base64", "R3LDvMOfZSDwn5iA"),
            ("payout | percent:50", "6.172"), ("payout | percent:\"12.5\"", "1.543"),
            ("payout | percent:150", "18.518"),
            ("payout | percent:\"50%\"", "6.172"), ("payout | percent:0", "0.000"), ("payout | percent:100", "12.345"),
            ("sub_ids.number | percent:10", "0.75"), ("parameters.exp | percent:10", "15.00"),
            ("attempt | percent:50", "0.50"),
            ("payout | round:2", "12.34"), ("payout | round:0", "12"), ("payout | round:5", "12.34500"),
            ("payout | percent:50 | round:1", "6.2"), ("parameters.exp | round:0", "150"),
            ("occurred_at | date:\"%Y-%m-%d\"", "2024-02-29"),
            ("occurred_at | date:'%d.%m.%y %H:%M:%S'", "29.02.24 21:59:58"),
            (
                "occurred_at | date:'%F %T %j %I %p %a %A %b %B %e %s %z %Z %%'",
                "2024-02-29 21:59:58 060 09 PM Thu Thursday Feb February 29 1709243998 +0000 UTC %"
            ),
            ("clicked_at | date:\"%F %T\"", "1969-12-31 23:59:59"), ("clicked_at | unix", "-1"),
            ("occurred_at | unix", "1709243998"), ("timestamp | date:'%Y'", "2024"), ("now | date:'%Y'", "2023"),
            ("now | unix", "1700000000"), ("sub_ids.seconds | date:'%F'", "1970-01-02"),
            ("sub_ids.seconds | unix", "86400"),
            ("city | default:\"2024-01-01T00:00:00Z\"", "2024-01-01T00:00:00Z"),
            ("status | map:\"approved=1,pending=2,rejected=3\"", "2"), ("status | map:\"approved=1\"", "pending"),
            ("status | map:\"approved=1,*=0\"", "0"), ("status | map:\" pending = wait \"", "wait"),
            ("status | map:'pending='", ""), ("status | map:'pending=a\\,b\\=c'", "a,b=c"),
            ("parameters.flag | map:'true=yes,false=no'", "yes"), ("status | map:'pending=2' | round:2", "2.00"),
            ("sub_ids.long | truncate:3", "abc"), ("sub_ids.long | truncate:10", "abcdefghij"),
            ("sub_ids.text | truncate:3", "Grü"), ("sub_ids.text | truncate:7", "Grüße 😀"),
            ("sub_ids.text | truncate:6", "Grüße "), ("country | raw", "de"),
        ]
    )
    func values(token: String, expected: String) throws {
        #expect(try value(token) == expected)
    }

    @Test("sign with a secret by name: RFC 4231, case 2")
    func hmac() throws {
        let members = ["city": "\"what do ya want for nothing?\""]
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        #expect(try value("city | hmac_sha256:\"partner-hmac\"", members) == expected)
    }

    @Test(
        "leave an empty value empty, so that nothing is not hashed into something",
        arguments: [
            "md5", "sha1", "sha256", "hmac_sha256:partner-hmac", "base64", "upper", "map:'a=b'", "truncate:5",
            "map:'*=z'",
        ]
    )
    func empty(filter: String) throws {
        #expect(try value("city | \(filter)", [:]) == "")
        #expect(try value("city | \(filter)", ["city": "\"\""]) == "")
        #expect(try value("payout | percent:50", [:]) == "" && value("occurred_at | unix", [:]) == "")
    }

    @Test("never make a click id of nothing", arguments: ["md5", "base64", "map:'*=z'", "truncate:3"])
    func clickID(filter: String) throws {
        let event = try Fixture.event(["click_id": "\"\""])
        #expect(throws: RenderFault.missingToken("click_id")) {
            try Fixture.target("https://a.example/?c={{ click_id | \(filter) }}", event)
        }
        let mapped = try Fixture.event(["click_id": "\"gone\""])
        #expect(throws: RenderFault.missingToken("click_id")) {
            try Fixture.target("https://a.example/?c={{ click_id | map:'gone=' }}", mapped)
        }
    }

    @Test(
        "refuse a value of the event they cannot work on, and name it",
        arguments: [
            ("sub_ids.text | percent:50", "{{sub_ids.text}}", "percent"),
            ("sub_ids.text | round:1", "{{sub_ids.text}}", "round"),
            ("sub_ids.text | date:'%Y'", "{{sub_ids.text}}", "date"),
            ("parameters.word | unix", "{{parameters.word}}", "unix"),
            ("sub_ids.huge | percent:50", "{{sub_ids.huge}}", "percent"),
            ("sub_ids.late | date:'%Y'", "{{sub_ids.late}}", "date"),
        ]
    )
    func unfit(token: String, name: String, filter: String) throws {
        var members = Self.event
        members["sub_ids"] = #"{"text": "x", "huge": "1234567890123456789012", "late": "999999999999"}"#
        let fault = #expect(throws: RenderFault.self) { try value(token, members) }
        let text = try #require(fault).description
        #expect(text.contains(name) && text.contains("the filter \(filter) needs"), "\(text)")
    }

    @Test(
        "are refused at load when they cannot work, with what is allowed",
        arguments: [
            ("payout | md6", "there is no filter md6", "probably md5"),
            ("payout | lowercase", "no filter lowercase", "lower"),
            ("payout | urlencode", "no filter urlencode", "values are encoded by themselves"),
            ("payout | nonsense", "no filter nonsense", "allowed: default, lower"),
            ("payout | md5:1", "md5 takes no argument", ""), ("payout | base64:'x'", "base64 takes no argument", ""),
            ("occurred_at | unix:1", "unix takes no argument", ""), ("payout | upper:x", "upper takes no argument", ""),
            ("country | percent:50", "percent needs a number, and {{country}} is a text", "payout"),
            ("country | round:2", "round needs a number, and {{country}} is a text", "it can follow"),
            ("payout | date:'%Y'", "date needs a time, and {{payout}} is a number", "occurred_at"),
            ("country | unix", "unix needs a time, and {{country}} is a text", "clicked_at"),
            ("payout | md5 | round:2", "{{payout}} is a text there", ""),
            ("payout | default:none | percent:50", "{{payout}} is a text there", ""),
            ("occurred_at | percent:5", "{{occurred_at}} is a time there", ""),
            ("payout | percent", "percent needs a percentage", "percent:50"),
            ("payout | percent:half", "not \"half\"", "from 0 to 1000"),
            ("payout | percent:-5", "not \"-5\"", "0 to 1000"), ("payout | percent:1001", "not \"1001\"", "0 to 1000"),
            ("payout | percent:\"0.0000001\"", "not \"0.0000001\"", "6 decimals"),
            ("payout | round", "round needs a number of digits", "round:2"),
            ("payout | round:19", "not \"19\"", "from 0 to 18"),
            ("payout | round:x", "not \"x\"", "round:2"),
            ("country | truncate", "a number of characters", "truncate:100"),
            ("country | truncate:0", "not \"0\"", "from 1"), ("country | truncate:8001", "not \"8001\"", "to 8000"),
            ("occurred_at | date", "date needs a pattern", "%Y-%m-%d"),
            ("occurred_at | date:'%Q'", "there is no %Q", "%Y %y"),
            ("occurred_at | date:'%'", "a % in a date must be followed", "%Y %y"),
            ("status | map", "map needs pairs", "approved=1"),
            ("status | map:'a'", "\"a\" is not of the form NAME=VALUE", "such as"),
            ("status | map:'a=1,,b=2'", "a pair is missing", ""),
            ("status | map:'a=1,a=2'", "\"a\" stands there twice", ""),
            ("status | map:'*=1,*=2'", "* stands there twice", ""), ("status | map:'=1'", "no name before its =", ""),
            ("status | map:'a=b=c'", "not of the form", ""),
            ("country | hmac_sha256", "needs the name of a secret", "partner-hmac"),
            ("country | hmac_sha256:partner-hmc", "there is no secret \"partner-hmc\"", "probably partner-hmac"),
            ("country | hmac_sha256:zzz", "there is no secret of this name", "the configuration has broken, nothing"),
            ("country | hmac_sha256:nothing", "the secret \"nothing\" is empty", "variable or file"),
        ]
    )
    func faults(token: String, problem: String, hint: String) {
        let errors = Fixture.errors(ofURL: "https://a.example/{{click_id}}?x={{ \(token) }}")
        #expect(errors.count == 1 && errors[0].contains(problem) && errors[0].contains(hint), "\(errors)")
        #expect(errors.allSatisfy { !$0.contains("Jefe") && !$0.contains("whsec") })
    }

    @Test(
        "stand in JSON as what they make: numbers without quotation marks, texts with them",
        arguments: [
            ("payout | percent:50", "6.172"), ("occurred_at | unix", "1709243998"), ("status | map:'pending=2'", "2"),
            ("status | map:'pending=two'", "\"two\""), ("payout | truncate:2", "\"12\""),
            ("payout | base64", "\"MTIuMzQ1\""),
            ("attempt | md5", "\"c4ca4238a0b923820dcc509a6f75849b\""), ("occurred_at | date:'%Y'", "\"2024\""),
            ("payout | default:0", "12.345"), ("country | default:0", "\"de\""), ("city | md5", "null"),
        ]
    )
    func inJSON(token: String, expected: String) throws {
        let body = try Fixture.body("[{{ \(token) }}]", as: "application/json", try Fixture.event(Self.event))
        #expect(String(decoding: body, as: UTF8.self) == "[\(expected)]")
    }

    @Test("cut never inside a character, and encode for the place afterwards", arguments: 0..<200)
    func truncation(seed: Int) throws {
        var dice = Dice(seed)
        let text = dice.text(20)
        let limit = Int.random(in: 1...20, using: &dice)
        let event = try Fixture.event(["sub_ids": "{\"v\": \(Fixture.quoted(text))}"])
        let target = try Fixture.target(
            "https://a.example/{{click_id}}?v={{ sub_ids.v | truncate:\(limit) }}&e=1",
            event
        )
        let parts = target.utf8.split(separator: UInt8(ascii: "?"))
        let pairs = parts[1].split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
        try #require(pairs.count == 2)
        let expected = String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))
        #expect(PercentDecoding.decode(pairs[0].dropFirst(2)) == Array(expected.utf8))
    }
}
