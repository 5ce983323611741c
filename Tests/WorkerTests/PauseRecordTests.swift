import Delivery
import Documents
import Foundation
import Settings
import Testing
import Worker

@Suite struct PauseRecordTests {
    private static func full(_ kind: PauseRecord.Kind) -> PauseRecord {
        var record = PauseRecord(kind, route: "1001/offers/55%2F12/default", at: 1_795_680_000_123)
        record.since = 1_795_420_800_000
        record.failures = 12
        record.lastStatus = 500
        record.lastError = "status 500: \"no\" \u{1F600}\n"
        record.reason = "nothing but failures"
        record.by = "anna@office"
        record.replica = "worker-1"
        return record
    }

    @Test(arguments: PauseRecord.Kind.allCases)
    func `A record is read as it was written`(kind: PauseRecord.Kind) {
        let record = Self.full(kind)
        #expect(PauseRecord(json: record.json) == record)
        let bare = PauseRecord(kind, at: 0)
        #expect(PauseRecord(json: bare.json) == bare)
    }

    @Test func `The members are those of the schema`() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("schemas/notice.schema.json").path
        let schema = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path))) as? [String: Any]
        )
        let properties = try #require(schema["properties"] as? [String: [String: Any]])
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(Self.full(.paused).json)) as? [String: Any]
        )
        #expect(Set(object.keys) == Set(properties.keys))
        #expect(Set(properties["kind"]?["enum"] as? [String] ?? []) == Set(PauseRecord.Kind.allCases.map(\.rawValue)))
        #expect(object["at"] as? String == "2026-11-26T08:00:00.123Z")
    }

    @Test(arguments: [
        "", "{}", "[]", "null", #"{"kind":"route_paused"}"#, #"{"kind":"other","at":"2026-11-26T08:00:00Z"}"#,
        #"{"kind":"route_paused","route":"a","at":"yesterday"}"#,
    ])
    func `What somebody else wrote to the stream is passed over`(text: String) {
        #expect(PauseRecord(json: Array(text.utf8)) == nil)
    }
}
