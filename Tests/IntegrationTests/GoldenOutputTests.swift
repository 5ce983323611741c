import Foundation
import TestSupport
import Testing

/// What `check` and `trackers` print, whole. After a wanted change write it anew:
/// `POSTBACK_TEST_WRITE_GOLDEN=1 Tests/run --filter GoldenOutputTests`.
@Suite(.light, .timeLimit(Patience.limit))
struct GoldenOutputTests {
    private static let golden = TestFolder(existing: BuiltProduct.repository + "/Tests/IntegrationTests/Golden")

    /// Each fault and each warning that there is a rule for, at least once.
    private static let routes = """
        publishers:
          "plain": { global: { url: "http://track.example.com/pb?cid={{click_id}}" } }
          "twice": { global: { url: "https://track.example.com/pb?cid={{click_id}}&a=1&a=2" } }
          "noclick": { global: { url: "https://track.example.com/pb?payout={{payout}}" } }
          "address": { global: { url: "https://192.0.2.1/pb?cid={{click_id}}" } }
          "encoded": { global: { url: "https://track.example.com/pb?cid={{click_id}}&u=https%253A%252F%252Fx.example" } }
          "off": { global: { enabled: false } }
          "unverified": { global: { tracker: thrivetracker, domain: t.example.com, path: pb, click_id_parameter: s1 } }
          "slip": { global: { url: "https://track.example.com/pb?cid={{clik_id}}" } }
          "word": { global: { url: "https://track.example.com/pb?cid={{transaction_id}}&s={{aff_sub}}" } }
          "foreign": { global: { url: "https://track.example.com/pb?a={clickid}&b=#payout#&c=${SUBID}&d=%sub1%" } }
          "placeholder": { global: { url: "https://track.example.com/pb?cid={{click_id}}&a=REPLACE&b=OPTIONAL" } }
          "page": { global: { url: "https://track.example.com/pb?cid={{click_id}}&amp;p={{payout}}¤cy=EUR¶m1=x" } }
          "blank": { global: { url: "https://track.example.com/p b?cid={{click_id}}" } }
          "host": { global: { url: "https://{{country}}.example.com/pb?cid={{click_id}}" } }
          "scheme": { global: { tracker: voluum, domain: "https://abc.voluumtrk.example/" } }
          "number": { global: { tracker: voluum, domain: 10.0.0.1 } }
          "name": { global: { tracker: volum, domain: abc.voluumtrk.example } }
          "key": { global: { url: "https://track.example.com/pb?cid={{click_id}}", tiemout: 5s } }
          "filter": { global: { url: "https://track.example.com/pb?cid={{ click_id | lowercase }}" } }
          "secret": { global: { url: "https://track.example.com/pb?cid={{ click_id | hmac_sha256:'partnr' }}" } }
          "rule": { global: { url: "https://track.example.com/pb?cid={{click_id}}", when: { statuses: paid }, sample: 30 } }
          "other": { global: { url: "https://track.example.com/pb?cid=[click_id]&x={{payout}}", syntax: "[x]" } }
        """

    private static let configuration = """
        retry: { atempts: 3 }
        secrets: { partner: { env: TEST_PARTNER } }
        """

    private func compare(_ run: CommandRun, _ name: String) throws {
        let isWriting = ProcessInfo.processInfo.environment["POSTBACK_TEST_WRITE_GOLDEN"] != nil
        if isWriting { try Self.golden.write(run.output, to: name) }
        #expect(run.output == Self.golden.read(name), "\(name)")
    }

    @Test("check shows every fault and warning as agreed", arguments: [([], "txt"), (["--json"], "json")])
    func check(arguments: [String], format: String) throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        try folder.write(Self.routes, to: "routes.yaml")
        try folder.write(Self.configuration, to: "postback.yaml")
        let run = try CommandRun(["check"] + arguments, in: folder, environment: ["TEST_PARTNER": "passphrase"])
        #expect(run.exitCode == 2)
        try compare(run, "output-check.\(format)")
    }

    @Test(
        "trackers shows the list and each tracker as agreed",
        arguments: [
            ([], "output-trackers.txt"), (["voluum"], "output-trackers-voluum.txt"),
            (["keitaro"], "output-trackers-keitaro.txt"), (["thrivetracker"], "output-trackers-thrivetracker.txt"),
            (["exoclick", "--json"], "output-trackers-exoclick.json"),
        ]
    )
    func trackers(arguments: [String], name: String) throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let run = try CommandRun(["trackers"] + arguments, in: folder)
        #expect(run.exitCode == 0)
        try compare(run, name)
    }
}
