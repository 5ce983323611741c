import Documents
import Foundation
import Settings
import Testing

@Suite("Files are read whole, or refused with the reason")
struct YAMLFileTests {
    private func load(_ bytes: [UInt8]) throws -> SourceNode {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
            return try YAMLDocument.load(path: path)
        } catch {
            throw FaultyDocument(
                error.faults.map { fault in
                    var fault = fault
                    if fault.file == path { fault.file = "f" }
                    return fault
                }
            )
        }
    }

    @Test("a byte order mark is not part of the first key")
    func skipsMark() throws {
        let node = try load([0xEF, 0xBB, 0xBF] + Array("a: 1".utf8))
        #expect(node.entries?.first?.key == "a")
        #expect(node.entries?.first?.keyPosition == SourcePosition(line: 1, column: 1))
    }

    @Test("lines may end as Windows ends them")
    func readsCarriageReturns() throws {
        let node = try load(Array("a: 1\r\nb: 2\r\n".utf8))
        #expect(node.entries?.map(\.keyPosition.line) == [1, 2])
        #expect(node.entries?.map(\.value.text) == ["1", "2"])
    }

    @Test(
        "bytes that are not UTF-8 are refused at their place",
        arguments: [
            ([0x61, 0xFF], 1, 2), ([0x61, 0x0A, 0xC3, 0xA4, 0xC3], 2, 2), ([0xEF, 0xBF, 0xBD, 0xC0, 0x80], 1, 2),
        ]
    )
    func refusesOtherEncodings(bytes: [UInt8], line: Int, column: Int) {
        let refusal = #expect(throws: FaultyDocument.self) { try load(bytes) }
        let expected = "f:\(line):\(column): error: is not UTF-8 text from here on (save the file as UTF-8)"
        #expect(refusal?.description == expected)
    }

    @Test(
        "what cannot be read is refused with the reason",
        arguments: [
            ("/no/such/file", "cannot be read: No such file or directory"), ("/tmp", "cannot be read: it is a folder"),
            (Repository.schema + "/x", "cannot be read: Not a directory"),
            ("/" + String(repeating: "a", count: 300), "cannot be read: File name too long"),
        ]
    )
    func refusesUnreadable(path: String, reason: String) {
        let refusal = #expect(throws: FaultyDocument.self) { try YAMLDocument.load(path: path) }
        #expect(refusal?.description == "\(path): error: \(reason)")
    }
}
