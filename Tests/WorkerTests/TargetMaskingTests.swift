import Conversion
import Routing
import Settings
import Telemetry
import Testing

@testable import Worker

@Suite struct TargetMaskingTests {
    @Test(
        arguments: [
            ("/pb?cid=abcdefgh&x=%20y", false), ("", false), ("/", false), ("/pb?mail=a@b", true),
            ("/pb?u=https%3A%2F%2Fx%3Ftoken%3Dy", true), ("/pb?u=x%3dy", true), ("/pb?u=%2540", true),
            ("/pb?name=x%4", false), ("/pb?u=x%40y", true), ("/aaaaaaaaaaaaaaaaaaaaaaaa%3D", true),
        ]
    )
    func `A value that may hold a URL or a form of its own is seen`(target: String, isSeen: Bool) {
        #expect(TargetMasking.mayHoldSecret(Array(target.utf8)) == isSeen)
    }

    @Test(
        arguments: [
            ("https://h/{{click_id}}?a={{x}}&b={{y | default:\"q\"}}", false), ("https://h/?{{type}}=1", true),
            ("https://h/?a=1&b{{type}}=1", true), ("https://h/", false),
        ]
    )
    func `A token in a parameter's name is seen`(template: String, isSeen: Bool) {
        #expect(TargetMasking.hasTokenInName(Array(template.utf8)) == isSeen)
    }

    // MARK: Of routes

    private let mask = SecretMask(words: WorkerSettings().mask)

    private func table(_ postbacks: String) throws -> RouteTable {
        let document = try YAMLDocument.parse("publishers: { \"1\": { global: [\(postbacks)] } }", file: "routes.yaml")
        let secrets = SecretStore(["partner": Array("partner-passphrase".utf8)])
        let (table, faults) = RouteTable.load(document, file: "routes.yaml", secrets: secrets)
        return try #require(table, "\(faults)")
    }

    private func postback(_ name: String, of table: RouteTable) throws -> Postback {
        try #require(table.postback(forKey: Array("1/global/\(name)".utf8)))
    }

    private func target(of postback: Postback, click: String) throws -> [UInt8] {
        var event = ConversionEvent()
        try event.decode(Array(#"{"id":"e1","publisher_id":"1","click_id":"\#(click)"}"#.utf8).span)
        var target: [UInt8] = []
        try postback.renderTarget(event, RenderContext(attempt: 1, now: 0, random: 0), into: &target)
        return target
    }

    private static let routes = #"""
        { name: open, url: "https://t.example/a?cid={{click_id}}&s=1" },
        { name: key, url: "https://t.example/b?cid={{click_id}}&token=hush-hush&x=1" },
        { name: value, url: "https://t.example/c?token={{click_id}}&x={{click_id}}&y={{event_id}}" },
        { name: named, url: "https://t.example/d?{{type}}=2&cid={{click_id}}&key=abc" },
        { name: signed, url: "https://t.example/e?cid={{ click_id | hmac_sha256:\"partner\" }}&c={{click_id}}" },
        { name: moved, url: "https://t.example/a?cid={{click_id}}&s=1", redirects: 2 }
        """#

    @Test func `The way is found by template, and by what the postback itself does`() throws {
        let table = try table(Self.routes)
        var masking = TargetMasking(mask)
        for _ in 0..<2 {
            #expect(masking.way(of: try postback("open", of: table), table) == .none)
            #expect(masking.way(of: try postback("key", of: table), table) == .byName)
            #expect(masking.way(of: try postback("named", of: table), table) == .byName)
            #expect(masking.way(of: try postback("signed", of: table), table) == .rendered)
            // The template of the first one, but a redirect may lead elsewhere.
            #expect(masking.way(of: try postback("moved", of: table), table) == .rendered)
        }
    }

    @Test func `What is masked by pairs found once reads as if each URL were looked at`() throws {
        var masking = TargetMasking(mask)
        let origin = Array("https://t.example".utf8)
        var short = 0
        // The second table has other templates under the same numbers.
        let others = #"{ name: key, url: "https://t.example/?key={{click_id}}" }"#
        for table in [try table(Self.routes), try table(others)] {
            for name in ["key", "value", "named"] {
                guard let postback = table.postback(forKey: Array("1/global/\(name)".utf8)) else { continue }
                for click in ["c", "abcdefgh", "t.example", "a&b=c;d?e#f", "http://x/?token=y", "a@b", "ä\\u0000 %"] {
                    #expect(masking.way(of: postback, table) == .byName)
                    let target = try target(of: postback, click: click)
                    guard let shown = masking.masked(target, origin, of: postback) else { continue }
                    short += 1
                    #expect(origin + shown == masking.masked(origin + target))
                }
            }
        }
        #expect(short > 4)
    }

    @Test func `A postback of routes that are gone is still masked`() throws {
        let (old, new) = (try table(Self.routes), try table(#"{ url: "https://t.example/x?a={{click_id}}" }"#))
        var masking = TargetMasking(mask)
        let postback = try postback("key", of: old)
        #expect(masking.way(of: postback, new) == .byName)
        let target = try target(of: postback, click: "c")
        #expect(masking.masked(target, Array("https://t.example".utf8), of: postback) == nil)
    }
}
