import Conversion
import Routing
import Settings
import Telemetry
import Testing

@testable import Worker

/// What a destination repeats of a request is not shown again.
@Suite struct AnswerMaskTests {
    private static let webhookKey = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    private func postback(_ fields: String) throws -> Postback {
        let document = try YAMLDocument.parse("publishers: { \"1\": { global: { \(fields) } } }", file: "routes.yaml")
        let secrets = SecretStore([
            "partner": Array("partner-passphrase".utf8), "hook": Array("whsec_\(Self.webhookKey)".utf8),
        ])
        let (table, faults) = RouteTable.load(document, file: "routes.yaml", secrets: secrets)
        return try #require(table?.postback(forKey: Array("1/global/default".utf8)), "\(faults)")
    }

    private func event() throws -> ConversionEvent {
        var event = ConversionEvent()
        let text =
            #"{"id":"e1","publisher_id":"1","click_id":"click-0001","sub_ids":{"s":"sub-secret/1"},"#
            + #""payout":{"amount":"1.25","currency":"EUR"}}"#
        try event.decode(Array(text.utf8).span)
        return event
    }

    private let context = RenderContext(attempt: 1, now: 1_700_000_000_000, random: 7)
    private let id = Array("e1/1/global/default".utf8)

    private func mask(_ postback: Postback) throws -> AnswerMask {
        let words = SecretMask(words: WorkerSettings().mask)
        return AnswerMask(postback, try event(), context, id: id, mask: words)
    }

    @Test func `Values of masked parameters and headers are hidden, others are not`() throws {
        let mask = try mask(
            try postback(
                #"url: "https://t.example/pb?cid={{click_id}}&api_key=hush-hush&token={{sub_ids.s}}", "#
                    + #"headers: { Authorization: "Bearer bearer-hush", X-Offer: visible-offer }"#
            )
        )
        #expect(mask.text("bad hush-hush for click-0001") == "bad *** for click-0001")
        #expect(mask.text("bad sub-secret%2F1, Bearer bearer-hush") == "bad ***, ***")
        #expect(mask.text("bad bearer-hush of visible-offer") == "bad *** of visible-offer")
        #expect(mask.bytes(Array("hush-hush".utf8)) == Array("***".utf8))
    }

    @Test func `Named secrets and what is computed with them are hidden`() throws {
        let postback = try postback(
            #"url: "https://t.example/pb?cid={{click_id}}&check={{ click_id | hmac_sha256:\"partner\" }}", "#
                + "sign: { scheme: hmac-sha256-query, secret: partner, parameter: sig }"
        )
        let mask = try mask(postback)
        var target: [UInt8] = []
        try postback.renderTarget(try event(), context, into: &target)
        try postback.appendSignature(to: &target)
        let sent = String(decoding: target, as: UTF8.self)
        let codes = sent.split(separator: "&").dropFirst().compactMap { $0.split(separator: "=").last }
        try #require(codes.count == 2 && codes.allSatisfy { $0.count == 64 })
        for code in codes { #expect(mask.text("expected \(code)") == "expected ***") }
        #expect(mask.text("key partner-passphrase") == "key ***")
        #expect(mask.text("received \(sent)") == "received /pb?cid=click-0001&check=***&sig=***")
    }

    @Test func `Webhook secrets and signatures are hidden`() throws {
        let postback = try postback(
            #"url: "https://t.example/hook", method: POST, content_type: application/json, "#
                + #"body: '{"click": "{{click_id}}"}', sign: { scheme: standard-webhooks, secret: hook }"#
        )
        let mask = try mask(postback)
        var body: [UInt8] = []
        try postback.renderBody(try event(), context, into: &body)
        var lines: [[UInt8]] = []
        try postback.signHeaders(id: id, timestamp: context.now / 1000, body: body, into: &lines)
        let signature = try #require(lines.last.map { String(decoding: $0, as: UTF8.self) })
        #expect(mask.text("got \(signature)") == "got webhook-signature: v1,***")
        #expect(mask.text("secret \(Self.webhookKey)") == "secret ***")
    }

    @Test(
        arguments: [
            (
                "application/x-www-form-urlencoded", "cid={{click_id}}&token={{sub_ids.s}}&password=open%20sesame",
                "open sesame"
            ),
            (
                "application/json", #"{"click": "{{click_id}}", "token": "{{sub_ids.s}}", "api_key": "say \"open\""}"#,
                #"say "open""#
            ),
        ]
    )
    func `Values of masked fields of a body are hidden`(type: String, body: String, password: String) throws {
        let mask = try mask(
            try postback("url: \"https://t.example/p\", method: POST, content_type: \(type), body: '\(body)'")
        )
        #expect(mask.text("bad sub-secret/1 and \(password) of click-0001") == "bad *** and *** of click-0001")
    }

    @Test func `A request that cannot be rendered hides the named secrets still`() throws {
        let postback = try postback(
            #"url: "https://t.example/{{ sub_ids.s | percent:50 }}?c={{ click_id | hmac_sha256:\"partner\" }}""#
        )
        #expect(try mask(postback).text("key partner-passphrase") == "key ***")
    }
}
