import Conversion
import Documents
import Testing

@testable import Routing

@Suite("The rules of a postback")
struct RuleTests {
    private func reason(_ rules: String, _ event: [String: String]) throws -> SkipReason? {
        try Fixture.postback(yaml: rules).skipReason(for: try Fixture.event(event))
    }

    private static let sale = [
        "type": "\"sale\"", "status": "\"pending\"", "country": "\"De\"",
        "payout": #"{"amount": "1.50", "currency": "EUR"}"#,
    ]

    @Test(
        "let a conversion through, or name the first condition that does not hold",
        arguments: [
            ("when: { types: [sale] }", nil), ("when: { types: sale }", nil), ("when: { types: [lead, sale] }", nil),
            ("when: { types: [Sale] }", SkipReason.type), ("when: { types: [sal, sales] }", .type),
            ("when: { statuses: pending }", nil), ("when: { statuses: [approved, pending] }", nil),
            ("when: { statuses: [approved, rejected, hold, reversed] }", .status),
            ("when: { countries: [de] }", nil), ("when: { countries: [AT, DE] }", nil),
            ("when: { countries: [AT, CH] }", .country), ("when: { min_payout: 1.5 }", nil),
            ("when: { min_payout: \"1.500\" }", nil), ("when: { min_payout: 1.51 }", .minPayout),
            ("when: { max_payout: 1.5 }", nil), ("when: { max_payout: 1.49999 }", .maxPayout),
            ("when: { min_payout: -1, max_payout: 2 }", nil), ("when: { types: [lead], statuses: [hold] }", .type),
            ("when: { types: [sale], statuses: [hold], countries: [AT] }", .status), ("when: {}", nil),
            ("sample: 1", nil), ("sample: 0", .sample), ("sample: 1.0", nil), ("sample: 0.0", .sample),
            ("when: { types: [lead] }\nsample: 0", .type),
        ] as [(String, SkipReason?)]
    )
    func conditions(rules: String, expected: SkipReason?) throws {
        #expect(try reason(rules, Self.sale) == expected)
    }

    @Test(
        "do not take what is missing for what is asked for",
        arguments: [
            ("countries: [DE]", SkipReason.country), ("min_payout: 0", .minPayout), ("max_payout: 9", .maxPayout),
            ("types: [conversion]", nil), ("statuses: [approved]", nil),
        ] as [(String, SkipReason?)]
    )
    func missing(condition: String, expected: SkipReason?) throws {
        #expect(try reason("when: { \(condition) }", [:]) == expected)
    }

    @Test(
        "explain a skip with the values that led to it",
        arguments: [
            ("types: [lead, install]", "the type is \"sale\", and when.types lists lead, install"),
            ("statuses: [hold]", "the status is \"pending\", and when.statuses lists hold"),
            ("countries: [AT]", "the country is \"De\", and when.countries lists at"),
            ("min_payout: 2", "the payout is 1.50, and when.min_payout is 2"),
            ("max_payout: 1", "the payout is 1.50, and when.max_payout is 1"),
        ]
    )
    func explanation(condition: String, expected: String) throws {
        let postback = try Fixture.postback(yaml: "when: { \(condition) }")
        let event = try Fixture.event(Self.sale)
        let reason = try #require(postback.skipReason(for: event))
        #expect(postback.explanation(of: reason, event) == expected)
        #expect(!reason.description.isEmpty)
    }

    @Test("have codes that are told apart, in small letters and underscores")
    func codes() {
        let codes = SkipReason.allCases.map(\.code)
        #expect(Set(codes).count == codes.count)
        #expect(codes.allSatisfy { $0.allSatisfy { $0 == "_" || $0.isLowercase } })
        #expect(SkipReason.allCases.filter { !$0.isCondition } == [.sample])
    }

    @Test(
        "share the payout exactly, to two digits or as many as it has, halves to the even one",
        arguments: [
            ("1.25", "0.5", "0.62"), ("1.35", "0.5", "0.68"), ("3", "0.5", "1.50"), ("10", "0.333", "3.33"),
            ("0.005", "0.5", "0.002"), ("0.015", "0.5", "0.008"), ("-1.25", "0.5", "-0.62"), ("1.2", "0.1", "0.12"),
            ("1.23456", "0.8", "0.98765"), ("0", "0.7", "0.00"), ("7.77", "0", "0.00"),
            ("999999999999999999.999999999999999999", "0.999999999999999999", "999999999999999998.999999999999999999"),
            ("1.5", "1", "1.5"), ("1.5", "1.000", "1.5"),
        ]
    )
    func share(amount: String, part: String, expected: String) throws {
        let url = "url: 'https://a.example/{{click_id}}?p={{payout}}&m={{MONEY}}&a={{payout.amount}}'"
        let postback = try Fixture.postback(yaml: "\(url)\npayout_share: \(part)")
        var target: [UInt8] = []
        let event = try Fixture.event(["payout": "{\"amount\": \"\(amount)\"}"])
        try postback.renderTarget(event, Fixture.context, into: &target)
        #expect(String(decoding: target, as: UTF8.self) == "/c1?p=\(expected)&m=\(expected)&a=\(expected)")
    }

    @Test("share nothing where there is no payout, and leave default to say what then")
    func shareOfNothing() throws {
        let url = "url: 'https://a.example/{{click_id}}?p={{payout}}&d={{ payout | default:0 }}'"
        var target: [UInt8] = []
        try Fixture.postback(yaml: "\(url)\npayout_share: 0.5")
            .renderTarget(try Fixture.event([:]), Fixture.context, into: &target)
        #expect(String(decoding: target, as: UTF8.self) == "/c1?p=&d=0")
    }

    @Test("share a payout that is asked for by its pointer too")
    func shareByPointer() throws {
        let vocabulary = try TokenVocabulary(aliases: [:], custom: ["gain": "/payout/amount"])
        let yaml = Fixture.routes("url: 'https://a.example/{{click_id}}?{{gain}}'\npayout_share: 0.5")
        let table = try Fixture.table(yaml, vocabulary: vocabulary)
        let postback = try #require(table.postback(forKey: Array("1/global/default".utf8)))
        var target: [UInt8] = []
        let event = try Fixture.event(["payout": #"{"amount": 8}"#])
        try postback.renderTarget(event, Fixture.context, into: &target)
        #expect(String(decoding: target, as: UTF8.self) == "/c1?4.00")
    }

    @Test("compare the whole payout, not the share of it")
    func shareAndBounds() throws {
        #expect(try reason("payout_share: 0.1\nwhen: { min_payout: 1.5 }", Self.sale) == nil)
        #expect(try reason("payout_share: 0.1\nwhen: { max_payout: 1 }", Self.sale) == .maxPayout)
    }

    @Test("set delay, age, retries, redirects and HTTP/2")
    func settings() throws {
        let postback = try Fixture.postback(
            yaml: """
                delay: 90s
                max_age: 2h
                redirects: 3
                http2: true
                retry: { attempts: 4, first_delay: 1s, factor: 1.5, max_delay: 1m, jitter: 0, max_age: 1d }
                """
        )
        #expect(postback.delay == 90_000)
        #expect(postback.maxAge == 7_200_000)
        #expect(postback.redirects == 3)
        #expect(postback.usesHTTP2)
        var retry = RetryOverrides()
        (retry.attempts, retry.firstDelay, retry.factor) = (4, 1_000, 1.5)
        (retry.maxDelay, retry.jitter, retry.maxAge) = (60_000, 0, 86_400_000)
        #expect(postback.retry == retry)
    }

    @Test("leave all of that alone where nothing is said")
    func nothingSaid() throws {
        let postback = try Fixture.postback(yaml: "retry: {}")
        #expect(postback.delay == nil && postback.maxAge == nil && postback.retry == nil)
        #expect(postback.redirects == 0 && !postback.usesHTTP2)
        #expect(postback.answerRules == nil && postback.payoutShare == nil)
        #expect(!postback.hasSignedHeaders && !postback.hasSignedTarget && !postback.usesSecrets)
        let partly = try Fixture.postback(yaml: "retry: { attempts: 2 }")
        #expect(partly.retry?.attempts == 2 && partly.retry?.firstDelay == nil)
    }
}
