import Digests
import Testing

@testable import Routing

@Suite("A signature")
struct SigningTests {
    private func headers(_ sign: String, id: String, timestamp: Int64, body: String) throws -> [String] {
        let postback = try Fixture.postback(yaml: "sign: \(sign)")
        var lines: [[UInt8]] = []
        try postback.signHeaders(id: Array(id.utf8), timestamp: timestamp, body: Array(body.utf8), into: &lines)
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The example that the libraries of Standard Webhooks test themselves with.
    @Test("of Standard Webhooks is the specification's")
    func vector() throws {
        let lines = try headers(
            "{ scheme: standard-webhooks, secret: standard }",
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp: 1_614_265_330,
            body: #"{"test": 2432232314}"#
        )
        #expect(
            lines == [
                "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp: 1614265330",
                "webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            ]
        )
    }

    @Test("stands there twice while secrets are changed, the new one first")
    func rotation() throws {
        let sign = "{ scheme: standard-webhooks, secret: [standard, partner-hmac-old] }"
        let line = try #require(try headers(sign, id: "a", timestamp: 1, body: "b").last)
        let new = try #require(Base64Text.decode(Array("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".utf8)))
        let expected = try [new, Array("older".utf8)].map { key in
            let code = try Digests.hmacSHA256(key: key, message: Array("a.1.b".utf8))
            return "v1," + String(decoding: Base64Text.encode(code), as: UTF8.self)
        }
        #expect(line == "webhook-signature: " + expected.joined(separator: " "))
    }

    @Test("makes an id that no receiver can misread")
    func webhookID() throws {
        let lines = try headers(
            "{ scheme: standard-webhooks, secret: standard }",
            id: "e.1 é\n/1/global/a.b",
            timestamp: 0,
            body: ""
        )
        #expect(lines[0] == "webhook-id: e%2E1%20%C3%A9%0A/1/global/a%2Eb")
    }

    @Test("has an id that is the idempotency key but for its full stops, and that is what is signed")
    func sameID() throws {
        let postback = try Fixture.postback(yaml: "sign: { scheme: standard-webhooks, secret: standard }")
        var key: [UInt8] = []
        postback.appendIdempotencyKey(of: try Fixture.event(["id": #""a é:+%.1""#]), to: &key)
        #expect(String(decoding: key, as: UTF8.self) == "a%20%C3%A9:+%.1/1/global/default")
        var lines: [[UInt8]] = []
        try postback.signHeaders(id: key, timestamp: 7, body: [], into: &lines)
        let id = "a%20%C3%A9:+%%2E1/1/global/default"
        #expect(String(decoding: lines[0], as: UTF8.self) == "webhook-id: " + id)
        let secret = try #require(Base64Text.decode(Array("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".utf8)))
        let code = try Digests.hmacSHA256(key: secret, message: Array("\(id).7.".utf8))
        let signature = "webhook-signature: v1," + String(decoding: Base64Text.encode(code), as: UTF8.self)
        #expect(String(decoding: lines[2], as: UTF8.self) == signature)
    }

    @Test(
        "reads a secret with its prefix or without, in base64 or plain",
        arguments: [
            ("whsec_c2VjcmV0", "secret"), ("c2VjcmV0", "secret"), ("not base64!", "not base64!"), ("abc", "abc"),
            ("whsec_", nil), ("whsec_***", nil), ("whsec_c2VjcmV0\n", nil),
        ] as [(String, String?)]
    )
    func secrets(text: String, key: String?) {
        #expect(WebhookSecret.key(Array(text.utf8)) == key.map { Array($0.utf8) })
    }

    @Test(
        "in the query covers all that stands before it",
        arguments: [
            ("https://a.example/pb?c={{click_id}}", "/pb?c=c1", "&"),
            ("https://a.example/pb/{{click_id}}", "/pb/c1", "?"),
        ]
    )
    func query(url: String, signed: String, separator: String) throws {
        let postback = try Fixture.postback(
            yaml: "url: '\(url)'\nsign: { scheme: hmac-sha256-query, secret: partner-hmac, parameter: sig }"
        )
        var target: [UInt8] = []
        let event = try Fixture.event([:])
        try postback.renderTarget(event, Fixture.context, into: &target)
        try postback.appendSignature(to: &target)
        let code = HexText.encode(try Digests.hmacSHA256(key: Array("Jefe".utf8), message: Array(signed.utf8)))
        #expect(
            String(decoding: target, as: UTF8.self) == "\(signed)\(separator)sig="
                + String(decoding: code, as: UTF8.self)
        )
        #expect(postback.hasSignedTarget && !postback.hasSignedHeaders && postback.usesSecrets)
        #expect(try postback.maskedURL(event, Fixture.context) == "https://a.example\(signed)\(separator)sig=***")
    }

    @Test("says nothing where none is asked for")
    func none() throws {
        let postback = try Fixture.postback(yaml: "name: default")
        var lines: [[UInt8]] = []
        var target = Array("/x".utf8)
        try postback.signHeaders(id: [1], timestamp: 1, body: [], into: &lines)
        try postback.appendSignature(to: &target)
        #expect(lines.isEmpty && target == Array("/x".utf8))
    }

    @Test("that would make the URL too long is refused like the URL itself")
    func tooLong() throws {
        let sign = "sign: { scheme: hmac-sha256-query, secret: partner-hmac, parameter: sig }"
        var target = [UInt8](repeating: UInt8(ascii: "a"), count: 7_950)
        #expect(throws: RenderFault.tooLong(limit: 8_000)) {
            try Fixture.postback(yaml: sign).appendSignature(to: &target)
        }
    }

    @Test("and every value computed with a secret are stars where people read")
    func masking() throws {
        let postback = try Fixture.postback(
            yaml: """
                url: "https://a.example/{{click_id}}?h={{ event_id | hmac_sha256:\\"partner-hmac\\" | upper }}&c={{country}}"
                method: POST
                content_type: application/x-www-form-urlencoded
                body: "h={{ event_id | hmac_sha256:partner-hmac }}&p={{payout}}"
                headers: { X-Key: "k {{ event_id | hmac_sha256:partner-hmac | base64 }}", X-Empty: "{{city}}" }
                sign: { scheme: standard-webhooks, secret: [standard, partner-hmac] }
                """
        )
        let event = try Fixture.event(["country": "\"a&b\"", "payout": #"{"amount": 1}"#])
        #expect(try postback.maskedURL(event, Fixture.context) == "https://a.example/c1?h=***&c=a%26b")
        #expect(try postback.maskedBody(event, Fixture.context) == Array("h=***&p=1".utf8))
        let expected = [
            "Content-Type: application/x-www-form-urlencoded", "X-Key: k ***", "webhook-signature: v1,*** v1,***",
        ]
        #expect(try postback.maskedHeaders(event, Fixture.context) == expected)
        #expect(postback.templateText.contains("hmac_sha256:\"partner-hmac\""))
        #expect(postback.usesSecrets)
        var target: [UInt8] = []
        try postback.renderTarget(event, Fixture.context, into: &target)
        let code = HexText.encode(try Digests.hmacSHA256(key: Array("Jefe".utf8), message: Array("e1".utf8)))
        #expect(String(decoding: target, as: UTF8.self).contains(String(decoding: code, as: UTF8.self).uppercased()))
    }

    @Test("does not show its secrets when it is printed")
    func printing() throws {
        let store = SecretStore(["name": Array("hunter2".utf8)])
        let secret = try SecretReference.find("name", in: store, at: 0)
        for text in [
            "\(store)", String(reflecting: store), "\(secret)", String(reflecting: secret),
            "\(Signature.standardWebhooks([secret]))",
        ] {
            #expect(text.contains("name") && !text.contains("hunter2") && !text.contains("104, 117"), "\(text)")
        }
        var dumped = ""
        dump(store, to: &dumped)
        dump(secret, to: &dumped)
        #expect(!dumped.contains("104"))
    }

    @Test(
        "is refused with what is missing",
        arguments: [
            ("standard-webhooks", "sign: standard-webhooks lacks the name of a secret"),
            ("hmac-sha256-query", "sign: hmac-sha256-query lacks the name of a secret ({ scheme: hmac-sha256-query"),
            ("5", "sign must be a mapping"),
            ("{ secret: standard }", "sign lacks its scheme"),
            ("{ scheme: standard-webhook, secret: standard }", "probably standard-webhooks"),
            ("{ scheme: standard-webhooks }", "lacks the name of a secret"),
            ("{ scheme: [], secret: x }", "must be a text"),
            ("{ scheme: standard-webhooks, secret: nobody }", "there is no secret of this name"),
            ("{ scheme: standard-webhooks, secret: [] }", "must be the name of a secret or a list"),
            ("{ scheme: standard-webhooks, secret: [standard, standard, standard] }", "at most two secrets"),
            ("{ scheme: standard-webhooks, secret: broken }", "what follows is not base64"),
            ("{ scheme: standard-webhooks, secret: nothing }", "the secret \"nothing\" is empty"),
            ("{ scheme: standard-webhooks, secret: standard, parameter: sig }", "has no parameter"),
            ("{ scheme: hmac-sha256-query, secret: standard }", "lacks the parameter"),
            ("{ scheme: hmac-sha256-query, secret: [standard, standard], parameter: sig }", "signs with one secret"),
            ("{ scheme: hmac-sha256-query, secret: standard, parameter: a&b }", "cannot be the name of a parameter"),
            ("{ scheme: hmac-sha256-query, secret: standard, parameter: x }", "the URL has a parameter \"x\" already"),
            ("{ scheme: standard-webhooks, secret: standard, keys: 1 }", "there is no key \"keys\""),
        ]
    )
    func refusals(sign: String, problem: String) throws {
        let errors = try Fixture.errors(ofPostback: "url: 'https://a.example/{{click_id}}?x=1'\nsign: \(sign)")
        #expect(errors.count == 1 && errors[0].contains(problem), "\(errors)")
        #expect(errors.allSatisfy { !$0.contains("MfKQ9r8G") })
    }

    @Test("sets its headers alone")
    func header() throws {
        let fields =
            "url: 'https://a.example/{{click_id}}'\nheaders: { Webhook-Id: x }\nsign: { scheme: standard-webhooks, secret: standard }"
        #expect(try Fixture.errors(ofPostback: fields).first?.contains("is set by the signature") == true)
    }
}
