import Documents
import Settings
import Testing

@testable import Routing

/// One conversion and its routes, whose explanation is a golden file.
struct ExplanationCase: Sendable, CustomTestStringConvertible {
    let name: String
    let routes: String
    var event = Self.usual

    var testDescription: String { name }

    static let usual = """
        {"id":"conv-42","publisher_id":"1001","smartlink_id":"77","offer_id":"5512","click_id":"b7c1 é&",
         "payout":{"amount":"1.25","currency":"EUR"},"country":"US","occurred_at":"2023-11-14T22:00:00Z"}
        """

    /// 2023-11-14T22:13:20Z.
    static let now: Int64 = 1_700_000_000_000

    static let context = ExplanationContext(
        render: RenderContext(attempt: 1, now: now, random: 42),
        routesFile: "routes.yaml",
        timeout: 5_000,
        userAgent: "postback",
        mask: .init(
            url: { $0.replacing("hush", with: "***") },
            header: { $0.replacing("hush", with: "***") },
            body: { body, _ in body.replacing("hush", with: "***") }
        ),
        refusal: { $0.port == 22 ? "port 22 is not among egress.ports" : nil },
        retryPlan: { overrides, limit in
            let first = overrides?.firstDelay ?? 5_000
            let all = [first, first * 4, first * 13].filter { $0 <= limit ?? .max }
            return RetryPlan(
                attempts: overrides?.attempts ?? 4,
                firstDelay: first,
                factor: 3,
                maxDelay: 21_600_000,
                jitter: overrides?.jitter ?? 0.2,
                maxAge: 259_200_000,
                offsets: Array(all.prefix((overrides?.attempts ?? 4) - 1)),
                end: all.count < 3 ? "expired" : "exhausted"
            )
        }
    )

    static let secrets = SecretStore(["partner": Array("secret-1".utf8), "partner-old": Array("secret-2".utf8)])

    func explanation() throws -> Explanation {
        let document = try YAMLDocument.parse(routes, file: "routes.yaml")
        let (table, faults) = RouteTable.load(document, file: "routes.yaml", secrets: Self.secrets)
        guard let table else { throw FaultyDocument(faults) }
        return table.explain(try Fixture.event(event), Self.context)
    }
}

extension ExplanationCase {
    private static let offerAndGlobal = """
        publishers:
          "1001":
            global: { url: "https://track.example.com/pb?cid={{click_id}}&payout={{payout}}" }
            offers:
              "5512": { url: "https://track.example.com/offer?cid={{click_id}}" }
        """

    private static let filtered = """
            global: { url: "https://track.example.com/pb?cid={{click_id}}" }
            offers:
              "5512": { url: "https://o.example.com/{{click_id}}", when: { countries: [DE, at], min_payout: 0.5 } }
            smartlinks:
              "77": { url: "https://s.example.com/{{click_id}}", when: { types: sale, max_payout: 1 } }
        """

    static let all = [
        ExplanationCase(name: "override", routes: offerAndGlobal),
        ExplanationCase(name: "override-filtered", routes: "publishers:\n  \"1001\":\n\(filtered)"),
        ExplanationCase(name: "fallback", routes: "mode: fallback\npublishers:\n  \"1001\":\n\(filtered)"),
        ExplanationCase(name: "additive", routes: "publishers:\n  \"1001\":\n    mode: additive\n\(filtered)"),
        ExplanationCase(
            name: "disabled",
            routes: """
                publishers:
                  "1001":
                    offers:
                      "5512": { enabled: false, url: "https://track.example.com/offer?cid={{click_id}}" }
                """
        ),
        ExplanationCase(
            name: "suppressed",
            routes: """
                publishers:
                  "1001":
                    global: { url: "https://track.example.com/pb?cid={{click_id}}" }
                    offers: { "5512": { suppress: true } }
                    smartlinks: { "77": { enabled: false } }
                """
        ),
        ExplanationCase(
            name: "suppressed-additive",
            routes: """
                mode: additive
                publishers:
                  "1001":
                    global: { url: "https://track.example.com/pb?cid={{click_id}}" }
                    offers: { "5512": { suppress: true } }
                    smartlinks: { "77": { url: "https://track.example.com/{{click_id}}" } }
                """
        ),
        ExplanationCase(
            name: "unknown-publisher",
            routes: offerAndGlobal,
            event: #"{"id":"conv-42","publisher_id":"nobody","click_id":"a\nb\u001b[31m","country":"\u202e"}"#
        ),
        ExplanationCase(
            name: "no-postback",
            routes: "publishers: { \"1001\": { offers: { \"1\": { url: \"https://a.example/{{click_id}}\" } } } }",
            event: #"{"id":"conv-42","publisher_id":"1001","offer_id":2,"test":true,"click_id":""}"#
        ),
        ExplanationCase(
            name: "missing-token",
            routes: offerAndGlobal,
            event: #"{"id":"conv-42","publisher_id":"1001"}"#
        ),
        ExplanationCase(
            name: "expired",
            routes: """
                publishers:
                  "1001": { global: { url: "https://a.example/{{click_id}}", max_age: 10m, delay: 1s } }
                """
        ),
        ExplanationCase(
            name: "blocked",
            routes: "publishers: { \"1001\": { global: { url: \"https://a.example:22/{{click_id}}\" } } }"
        ),
        ExplanationCase(
            name: "tracker",
            routes: "publishers: { \"1001\": { global: { tracker: voluum, domain: abc.example.com, max_age: 14m } } }"
        ),
        ExplanationCase(
            name: "list",
            routes: """
                publishers:
                  "1001":
                    global:
                      - { name: all, url: "https://a.example/{{click_id}}?v={{payout}}", payout_share: 0.5 }
                      - { name: few, url: "https://a.example/{{click_id}}", sample: 0.25 }
                      - { name: most, url: "https://a.example/{{click_id}}", sample: 0.75, when: { statuses: [approved, hold] } }
                      - { name: off, url: "https://a.example/{{click_id}}", enabled: false }
                """
        ),
        ExplanationCase(
            name: "post-signed",
            routes: """
                publishers:
                  "1001":
                    global:
                      url: "https://own.example.org:8443/api?key=hush"
                      method: post
                      headers: { X-Key: hush, X-Sum: "{{ click_id | hmac_sha256:\\"partner\\" }}", Accept: text/plain }
                      content_type: application/json
                      body: |
                        {"click": "{{click_id}}",
                         "payout": {{payout}}, "sum": "{{ click_id | hmac_sha256:"partner" }}"}
                      sign: { scheme: standard-webhooks, secret: [partner, partner-old] }
                      success: { status: [200, 202-204], body_contains: [ok, "done\\n"], json: { pointer: /status, equals: ok } }
                      duplicate: { body_lacks: new }
                      retry: { attempts: 3, first_delay: 10s, jitter: 0 }
                      delay: 90s
                      timeout: 2500ms
                      redirects: 3
                      http2: true
                """
        ),
        ExplanationCase(
            name: "query-signed",
            routes: """
                publishers:
                  "1001":
                    global:
                      url: "https://own.example.org/pb?cid={{click_id}}"
                      sign: { scheme: hmac-sha256-query, secret: partner, parameter: sig }
                      method: PUT
                      retry: { attempts: 1 }
                """
        ),
    ]
}
