import Foundation
import TestSupport
import Testing

/// `schemas/delivery.schema.json` and its examples.
@Suite struct DeliverySchemaTests {
    private func examples(_ folder: String) throws -> [String] {
        let path = BuiltProduct.repository + "/schemas/examples/delivery/" + folder
        return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
            .map { try String(contentsOfFile: path + "/" + $0, encoding: .utf8) }
    }

    @Test func `Valid examples fit, invalid ones do not`() throws {
        let schema = try DeliverySchema()
        let (valid, invalid) = (try examples("valid"), try examples("invalid"))
        #expect(valid.count >= 3 && invalid.count >= 3)
        for text in valid { #expect(schema.failures(in: text) == [], "\(text)") }
        for text in invalid { #expect(!schema.failures(in: text).isEmpty, "\(text)") }
    }

    @Test func `Its own examples fit, and every member is described`() throws {
        let data = try Data(contentsOf: URL(filePath: BuiltProduct.repository + "/schemas/delivery.schema.json"))
        let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let schema = try DeliverySchema()
        for example in try #require(root["examples"] as? [Any]) {
            let text = String(decoding: try JSONSerialization.data(withJSONObject: example), as: UTF8.self)
            #expect(schema.failures(in: text) == [])
        }
        for (name, member) in try #require(root["properties"] as? [String: [String: Any]]) {
            #expect((member["description"] as? String)?.isEmpty == false, "\(name)")
        }
    }
}
