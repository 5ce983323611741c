import Foundation
import TestSupport
import Testing

/// `postback explain` as account managers run it: nothing is sent, and no broker is needed.
@Suite(.light, .timeLimit(Patience.limit))
struct ExplainTests {
    private static let routes = """
        publishers:
          "1":
            mode: fallback
            global: { tracker: voluum, domain: abc.example.com }
            offers:
              "10":
                url: "https://track.example.com/pb?cid={{click_id}}&api_key=hush-hush"
                when: { countries: [DE] }
              "11": { suppress: true }
              "12": { url: "https://track.example.com:22/{{click_id}}" }
              "13": { url: "http://169.254.169.254/latest?x={{click_id}}" }
              "14":
                url: "https://own.example.org/api"
                method: POST
                headers: { Authorization: "Bearer hush-hush" }
                content_type: application/json
                body: '{"click": "{{click_id}}", "token": "hush-hush", "payout": {{payout}}}'
                sign: { scheme: standard-webhooks, secret: partner }
                retry: { attempts: 2, first_delay: 10s }
        """

    private static let configuration = """
        secrets: { partner: { env: TEST_PARTNER } }
        retry: { attempts: 3, jitter: 0 }
        """

    private func explain(_ event: String, _ arguments: String..., in folder: TestFolder) throws -> CommandRun {
        try folder.write(Self.routes, to: "routes.yaml")
        try folder.write(Self.configuration, to: "postback.yaml")
        let environment = ["TEST_PARTNER": "whsec_c2VjcmV0LXNlY3JldA=="]
        return try CommandRun(["explain", "-"] + arguments, in: folder, input: event, environment: environment)
    }

    private func event(_ offer: String, _ more: String = "") -> String {
        Conversions.event("e1", click: "c1", more: #","offer_id":"\#(offer)""# + more)
    }

    @Test(
        "the text and the exit code say what would happen",
        arguments: [
            (
                "10", #","country":"DE""#, 0,
                [
                    "offer 10   wins", "1/global/default: not asked (tracker voluum, routes.yaml:4)",
                    "GET https://track.example.com/pb?cid=c1&api_key=*** HTTP/1.1",
                    "Idempotency-Key: e1/1/offers/10/default",
                    "retries: after 5s, 20s; then a dead letter (exhausted)",
                ]
            ),
            (
                "10", #","country":"US""#, 0,
                [
                    "when.countries asks for DE, and the event has US", "1/global/default: chosen",
                    "GET https://abc.example.com/postback?cid=c1", "tracker voluum",
                ]
            ),
            (
                "11", "", 1,
                ["suppress: true ends the search here", "Nothing would be sent: the offer is set to send nothing"]
            ),
            ("12", "", 1, ["blocked_destination", "port 22 is not among egress.ports", "Nothing would be sent"]),
            ("13", "", 1, ["blocked_destination", "169.254.169.254 is link-local"]),
            (
                "14", #","payout":{"amount":2.50}"#, 0,
                [
                    "POST https://own.example.org/api HTTP/1.1", "Authorization: ***",
                    "webhook-id: e1/1/offers/14/default",
                    #"{"click": "c1", "token": "***", "payout": 2.50}"#, "standard-webhooks with partner",
                    "retries: after 10s; then a dead letter (exhausted)",
                ]
            ),
        ] as [(String, String, Int32, [String])]
    )
    func outcomes(offer: String, more: String, exitCode: Int32, parts: [String]) throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let run = try explain(event(offer, more), in: folder)
        #expect(run.exitCode == exitCode, "\(run.errors)")
        #expect(run.errors == "")
        for part in parts { #expect(run.output.contains(part), "\(part) is not in:\n\(run.output)") }
        let json = try explain(event(offer, more), "--json", in: folder)
        #expect(json.exitCode == exitCode)
        let report = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect(report["sends_something"] as? Bool == (exitCode == 0))
        for output in [run.output, json.output] {
            #expect(!output.contains("hush-hush") && !output.contains("c2VjcmV0") && !output.contains("secret-secret"))
        }
    }

    @Test("a secret that is missing is worth a warning, and in nobody's way")
    func missingSecret() throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        try folder.write(Self.routes, to: "routes.yaml")
        try folder.write(Self.configuration, to: "postback.yaml")
        for (offer, part) in [("10", "https://abc.example.com/postback?cid=c1"), ("14", "webhook-signature: ***")] {
            let run = try CommandRun(["explain", "-"], in: folder, input: event(offer))
            #expect(run.exitCode == 0, "\(run.errors)")
            #expect(run.output.contains(part), "\(run.output)")
            #expect(!run.output.contains("whsec") && !run.output.contains("c3RhbmQ"))
            let warning =
                "postback.yaml:1:12: warning: secrets.partner: the environment variable TEST_PARTNER is not there"
            #expect(run.errors.hasPrefix(warning), "\(run.errors)")
        }
        try folder.write("tokens: { aliases: { now: click_id } }", to: "postback.yaml")
        let faulty = try CommandRun(["explain", "-"], in: folder, input: event("10"))
        #expect(faulty.exitCode == 2)
        #expect(faulty.errors.contains("the configuration is refused"), "\(faulty.errors)")
        #expect(!faulty.errors.contains("the routes are refused"))
    }

    @Test("an event without a click id, and a publisher nobody knows, end with exit code 1 and the reason")
    func nothing() throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let missing = try explain(#"{"id":"e1","publisher_id":1}"#, in: folder)
        #expect(missing.exitCode == 1)
        #expect(missing.output.contains("dead-lettered: missing_token"), "\(missing.output)")
        let unknown = try explain(Conversions.event("e1", publisher: "nobody"), in: folder)
        #expect(unknown.exitCode == 1)
        #expect(unknown.output.contains("The routes have no publisher nobody"), "\(unknown.output)")
    }

    @Test("an event with a fault ends with exit code 2 and its JSON path, a missing file and bad routes too")
    func faults() throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let bad = try explain(#"{"id":"e1","publisher_id":"1","payout":{"amount":"lots"}}"#, in: folder)
        #expect(bad.exitCode == 2)
        #expect(bad.errors.contains("standard input: $.payout.amount: "), "\(bad.errors)")
        #expect(bad.output == "")
        let long = try explain(
            #"{"id":"e1","publisher_id":"1","x":""# + String(repeating: "x", count: 1 << 19),
            in: folder
        )
        #expect(long.exitCode == 2)
        #expect(long.errors.contains("256 KiB"), "\(long.errors)")
        let empty = try explain("", in: folder)
        #expect(empty.exitCode == 2)
        let environment = ["TEST_PARTNER": "x"]
        let missing = try CommandRun(["explain", "nowhere.json"], in: folder, environment: environment)
        #expect(missing.exitCode == 2)
        #expect(missing.errors.contains("nowhere.json cannot be read"), "\(missing.errors)")
        try folder.write("publishers: { \"1\": { global: { urll: x } } }", to: "routes.yaml")
        try folder.write(Conversions.event("e1"), to: "event.json")
        let routes = try CommandRun(["explain", "event.json"], in: folder, environment: environment)
        #expect(routes.exitCode == 2)
        #expect(routes.errors.contains("routes.yaml:1:"), "\(routes.errors)")
    }
}
