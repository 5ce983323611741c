import Conversion
import Foundation
import Testing

/// The examples beside the JSON Schema; the schema was checked against the same files, so that both say the same.
@Suite struct ExampleTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "schemas/examples/conversion")

    static func files(_ kind: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder.appending(path: kind), includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }
            .sorted { $0.path < $1.path }
    }

    @Test func `Every valid example is accepted`() throws {
        let files = try Self.files("valid")
        #expect(files.count >= 20)
        for file in files {
            let found = fault([UInt8](try Data(contentsOf: file)))
            #expect(found == nil, "\(file.lastPathComponent): \(found?.description ?? "")")
        }
    }

    @Test func `Every invalid example is refused, and not for its grammar`() throws {
        let files = try Self.files("invalid")
        #expect(files.count >= 70)
        for file in files {
            let found = fault([UInt8](try Data(contentsOf: file)))
            #expect(found != nil, "\(file.lastPathComponent)")
            #expect(
                found?.reason.hasPrefix("not valid JSON") != true,
                "\(file.lastPathComponent): \(found?.reason ?? "")"
            )
        }
    }
}
