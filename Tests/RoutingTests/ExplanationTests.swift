import Conversion
import Documents
import Foundation
import Testing

@testable import Routing

/// Texts and JSON of explanations, whole. After a wanted change write them anew with POSTBACK_TEST_WRITE_GOLDEN=1.
@Suite struct ExplanationTests {
    private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Golden")

    private func expected(_ text: String, _ name: String) throws -> String {
        let file = Self.golden.appendingPathComponent(name)
        if ProcessInfo.processInfo.environment["POSTBACK_TEST_WRITE_GOLDEN"] != nil {
            try Data(text.utf8).write(to: file)
        }
        return String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }

    @Test(arguments: ExplanationCase.all)
    func `the text says what was agreed`(example: ExplanationCase) throws {
        let text = try example.explanation().text + "\n"
        #expect(try text == expected(text, "explain-\(example.name).txt"))
    }

    @Test(arguments: ExplanationCase.all.filter { ["fallback", "post-signed", "missing-token"].contains($0.name) })
    func `the JSON says what was agreed`(example: ExplanationCase) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        let text = String(decoding: try encoder.encode(example.explanation()), as: UTF8.self) + "\n"
        #expect(try text == expected(text, "explain-\(example.name).json"))
    }

    @Test(arguments: ExplanationCase.all)
    func `no secret is shown, and what is shown holds no control character`(example: ExplanationCase) throws {
        let explanation = try example.explanation()
        let json = String(decoding: try JSONEncoder().encode(explanation), as: UTF8.self)
        for text in [explanation.text, json] {
            #expect(!text.contains("secret-1") && !text.contains("secret-2") && !text.contains("hush"))
            #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
        }
    }

    @Test func `the idempotency key escapes what a header may not hold`() throws {
        let postback = try Fixture.postback(["url": "https://a.example/{{click_id}}"])
        var key: [UInt8] = []
        postback.appendIdempotencyKey(of: try Fixture.event(["id": #""a b/é%\\""#]), to: &key)
        #expect(String(decoding: key, as: UTF8.self) == "a%20b/%C3%A9%\\/1/global/default")
    }

    @Test(
        arguments: [
            (0, "0ms"), (999, "999ms"), (1_000, "1s"), (1_250, "1s 250ms"), (65_000, "1m 5s"), (3_600_000, "1h"),
            (5_465_000, "1h 31m"), (259_200_000, "3d"), (90_000_000, "1d 1h"), (-65_000, "-1m 5s"),
            (.max, "106751991167d 7h"), (.min, "-106751991167d 7h"),
        ] as [(Int64, String)]
    )
    func `durations are told by their two largest units`(milliseconds: Int64, text: String) {
        #expect(DurationText.text(milliseconds) == text)
    }
}
