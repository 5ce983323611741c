import Documents
import Foundation
import Settings
import Testing

@Suite("A streamed document is the document that is read whole")
struct DocumentStreamTests {
    /// What came of a file, as text that can be compared.
    private struct Outcome: Equatable {
        var document: String?
        var faults: [String]
    }

    private static func describe(_ node: SourceNode) -> String {
        let place = "@\(node.position.line):\(node.position.column)"
        switch node.content {
        case .null: return "null\(place)"
        case .scalar(let text, let quoted): return "\(quoted ? "q" : "p")<\(text)>\(place)"
        case .sequence(let elements): return "[" + elements.map(describe).joined(separator: ",") + "]\(place)"
        case .mapping(let entries): return "{" + entries.map(describe).joined(separator: ",") + "}\(place)"
        }
    }

    private static func describe(_ entry: SourceNode.Entry) -> String {
        "<\(entry.key)>@\(entry.keyPosition.line):\(entry.keyPosition.column)=\(describe(entry.value))"
    }

    private static func whole(_ path: String) -> Outcome {
        let (document, faults) = YAMLDocument.read(path: path)
        return Outcome(document: document.map(describe), faults: faults.map(\.description).sorted())
    }

    /// The streamed document put together again, a key that comes twice told as the reader of routes tells it; nil when it
    /// has to be read whole. How many entries were streamed comes with it.
    private static func streamed(_ path: String, step: Int) -> (outcome: Outcome?, count: Int) {
        var taken: [SourceNode.Entry] = []
        var twice: [Fault] = []
        let result = YAMLDocument.stream(path: path, key: "publishers", step: step) { entry, _ in
            if let first = taken.first(where: { $0.key == entry.key }) {
                let line = first.keyPosition.line
                let message = "the key \"\(entry.key)\" is given twice; the first is in line \(line)"
                let hint = "keep one of them"
                twice.append(Fault(file: path, position: entry.keyPosition, message, hint: hint))
            } else {
                taken.append(entry)
            }
        }
        guard let (document, faults) = result else { return (nil, taken.count) }
        let all = (faults + twice).map(\.description).sorted()
        guard let document, case .mapping(var entries) = document.content else {
            return (Outcome(document: document.map(describe), faults: all), taken.count)
        }
        if let place = entries.firstIndex(where: { $0.key == "publishers" }), !taken.isEmpty {
            if case .mapping(let rest) = entries[place].value.content {
                entries[place].value.content = .mapping(taken + rest)
            }
        }
        let text = describe(SourceNode(.mapping(entries), at: document.position))
        return (Outcome(document: text, faults: all), taken.count)
    }

    private func withFile<Result>(_ text: some Collection<UInt8>, _ body: (String) throws -> Result) throws -> Result {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).yaml").path
        try Data(text).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    /// Compares, and tells how many entries were streamed.
    @discardableResult
    private func check(_ text: String, step: Int) throws -> Int {
        try withFile(text.utf8) { path in
            let whole = Self.whole(path)
            let (streamed, count) = Self.streamed(path, step: step)
            guard let streamed else { return 0 }
            if whole.faults.contains(where: { $0.contains("is given twice") }) {
                // Read whole, the text is searched for 20 of these and then given up.
                #expect(!streamed.faults.isEmpty, "\(text)")
            } else if whole.document == nil {
                // Read whole, nothing is told of what comes before a fault of syntax.
                #expect(streamed.document == nil && Set(whole.faults).isSubset(of: streamed.faults), "\(text)")
                #expect(!streamed.faults.isEmpty)
            } else {
                #expect(streamed == whole, "\(text)")
            }
            return count
        }
    }

    @Test("for every example of routes", arguments: ["valid", "invalid"], [1, 50, 1 << 18])
    func examples(folder: String, step: Int) throws {
        let path = Repository.root + "/schemas/examples/routes/" + folder
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
        #expect(!names.isEmpty)
        for name in names { try check(String(contentsOfFile: path + "/" + name, encoding: .utf8), step: step) }
    }

    @Test("for texts by chance, whole and damaged", arguments: 0..<60)
    func agreement(seed: Int) throws {
        var dice = DocumentChance(seed)
        for _ in 0..<12 {
            let text = dice.document()
            let step = [3, 40, 4_000].randomElement(using: &dice) ?? 40
            try check(text, step: step)
            for _ in 0..<3 { try check(dice.damaged(text), step: step) }
        }
    }

    @Test("of the usual forms nothing is read whole", arguments: [5, 1 << 18])
    func usual(step: Int) throws {
        let block = """
            # all of them
            mode: additive
            publishers:
              "1":
                global: { url: "https://a.example/?c={{click_id}}", when: { types: [lead, 'sale'] } }   # one
              2:
                offers:
                  "5":
                    url: https://ä.example/?c={{click_id}}

              'it''s':
                global:
                  - url: "https://b.example/\\"\\u00e9\\""
                    name: b
                  - { suppress: true }
              empty:
              nothing: ~
            """
        #expect(try check(block, step: step) == 5)
        #expect(try check(block.replacingOccurrences(of: "\n", with: "\r\n"), step: step) == 5)
        let json = "{\"mode\": \"additive\", \"publishers\": {\"1\":{\"global\":{}},\"2\": 1.5}}"
        #expect(try check(json, step: step) == 2)
        #expect(try check("{\n\t\"publishers\": {\n\t\t\"1\": {},\n\t\t\"ü\": null\n\t}\n}\n\n", step: step) == 2)
    }

    @Test("an entry in a rare form is cut out and read alone", arguments: [5, 1 << 18])
    func pieces(step: Int) throws {
        let text = """
            publishers:
              "1":
                global:
                  method: POST
                  body: |
                    {"a": "{{click_id}}"}

                  # no end of it
                  content_type: application/json
              "2": { global: { url: "a" } }
              "3":
                global: { url: "two
                  lines" }
              "4":
                global: { a: 1, a: 2 }
              "5": &anchor
                global: x
              "6":
                a: 1
            """
        #expect(try check(text.components(separatedBy: "  \"4\"")[0], step: step) == 3)
        try withFile(text.utf8) { path in
            let (outcome, count) = Self.streamed(path, step: step)
            #expect(count == 5 && outcome?.document == nil)
            #expect(
                outcome?.faults == [
                    "\(path):15:21: error: the key \"a\" is given twice; the first is in line 15 (keep one of them)",
                    "\(path):16:8: error: anchors (&name) are not supported (write the value out where it is needed)",
                ]
            )
        }
    }

    @Test("a fault of syntax in line 4,002 is told as in a small file")
    func syntaxFault() throws {
        let lines = (1...1_000).map { "  \"\($0)\":\n    global:\n      url: \"ä\"\n      name: b\n" }.joined()
        for fault in ["  \"x\": { a: [ }\n", "  \"x\": \"open\n", "  - x\n", "   \"x\": 1\n", "\"x\": 1\n y: 2\n"] {
            try withFile(("publishers:\n" + lines + fault + lines).utf8) { path in
                let whole = Self.whole(path)
                #expect(whole.document == nil && whole.faults.count == 1)
                #expect(Self.streamed(path, step: 1_000).outcome == whole)
            }
        }
    }

    @Test("what is no text, no file or changed is not streamed")
    func refusals() throws {
        let texts: [[UInt8]] = [
            [0x61, 0xFF], [0x61, 0x3A, 0xC2], [0x61, 0x3A, 0x20, 1], [0x61, 0x3A, 0x20, 0xC2, 0x85],
        ]
        for bytes in texts {
            try withFile(bytes) { #expect(Self.streamed($0, step: 1).outcome == nil) }
        }
        #expect(Self.streamed("/no/such/file", step: 1).outcome == nil)
        #expect(Self.streamed("/dev/null", step: 1).outcome == nil)
        try withFile("publishers:\n  a: 1\n  b: 2\n  c: 3\n".utf8) { path in
            var isChanged = false
            let result = YAMLDocument.stream(path: path, key: "publishers", step: 1) { _, _ in
                if !isChanged { try? Data("publishers: {}\n".utf8).write(to: URL(fileURLWithPath: path), options: []) }
                isChanged = true
            }
            #expect(isChanged && result == nil)
        }
    }
}
