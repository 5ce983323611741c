import Documents
import Foundation
import Settings
import Testing

@Suite("YAML becomes nodes that know their lines")
struct YAMLDocumentTests {
    /// The faults of a file called `f`.
    private func faults(_ text: String) -> String {
        do {
            _ = try YAMLDocument.parse(text, file: "f")
            return ""
        } catch {
            return error.description
        }
    }

    /// A node in one line, with the place of each key and value.
    private func picture(_ node: SourceNode) -> String {
        let place = "@\(node.position.line):\(node.position.column)"
        switch node.content {
        case .null: return "null" + place
        case .scalar(let text, let quoted): return (quoted ? "\"\(text)\"" : text) + place
        case .sequence(let nodes): return "[" + nodes.map(picture).joined(separator: " ") + "]" + place
        case .mapping(let entries):
            let pictures = entries.map { entry in
                "\(entry.key)@\(entry.keyPosition.line):\(entry.keyPosition.column)=\(picture(entry.value))"
            }
            return "{" + pictures.joined(separator: " ") + "}" + place
        }
    }

    @Test(
        "keys and values have their place",
        arguments: [
            ("a: 1\nbc:\n  - x\n  - \"y\"\n", "{a@1:1=1@1:4 bc@2:1=[x@3:5 \"y\"@4:5]@3:3}@1:1"),
            ("{\"a\": [1, {\"b\": true}]}", "{a@1:2=[1@1:8 {b@1:12=true@1:17}@1:11]@1:7}@1:1"),
            ("\u{FEFF}é: ü", "{é@1:2=ü@1:5}@1:2"),
            ("a: |\n  x\n  y\nb: >\n  z\n", "{a@1:1=\"x\ny\n\"@1:4 b@4:1=\"z\n\"@4:4}@1:1"),
            ("{\n\t\"a\":\t1\n}", "{a@2:2=1@2:7}@1:1"),
            ("---\na: b\n...\n", "{a@2:1=b@2:4}@2:1"),
        ]
    )
    func hasPlaces(text: String, expected: String) throws {
        #expect(picture(try YAMLDocument.parse(text, file: "f")) == expected)
    }

    @Test(
        "scalars stay as they are written",
        arguments: [
            "no", "1.10", "0x10", "1e3", "2001-01-01", "007", "12345678901234567890.123", "a b", "a#b", "5*x", "x*",
        ]
    )
    func keepsText(text: String) throws {
        let node = try YAMLDocument.parse("a: \(text)", file: "f")
        #expect(node.entries?.first?.value.text == text)
    }

    @Test("null is what YAML says it is, without quotation marks", arguments: ["", "~", "null", "Null", "NULL"])
    func readsNull(text: String) throws {
        #expect(picture(try YAMLDocument.parse("a: \(text)\nb: '\(text)'", file: "f")).contains("=null@"))
        #expect(picture(try YAMLDocument.parse("b: '\(text)'", file: "f")) == "{b@1:1=\"\(text)\"@1:4}@1:1")
    }

    @Test("an empty text is nothing", arguments: ["", "\n", "# only this\n", "---\n"])
    func readsNothing(text: String) throws {
        #expect(picture(try YAMLDocument.parse(text, file: "f")).hasPrefix("null@"))
    }

    @Test("asterisks that are no aliases come through", arguments: ["'*a'", "\"*a\"", "x *a", "\"a*b\\n**c\""])
    func keepsAsterisks(value: String) throws {
        let node = try YAMLDocument.parse("# *note\nk: \(value)\n'*a': 1\n'_a': 2\n", file: "f")
        let expected = value.replacing("\\n", with: "\n").filter { $0 != "'" && $0 != "\"" }
        #expect(node.entries?.map(\.key) == ["k", "*a", "_a"])
        #expect(node.entries?.first?.value.text == expected)
    }

    @Test(
        "what is refused is refused at its line",
        arguments: [
            (
                "a: 1\nb: 2\na: 3",
                "f:3:1: error: the key \"a\" is given twice; the first is in line 1 (keep one of them)"
            ),
            ("{a: 1, a: 2}", "f:1:8: error: the key \"a\" is given twice; the first is in line 1 (keep one of them)"),
            (
                "x:\n  1001: a\n  \"1001\": b",
                "f:3:3: error: the key \"1001\" is given twice; the first is in line 2 (keep one of them)"
            ),
            ("a:\n\tb: 1", "f:2:1: error: a tab cannot be used for indentation (use spaces)"),
            (
                "a: 1\n---\nb: 2",
                "f:2:1: error: a second document begins here; one file holds one document (remove the line of dashes)"
            ),
            ("a: &x 1", "f:1:4: error: anchors (&name) are not supported (write the value out where it is needed)"),
            (
                "a: *x",
                "f:1:4: error: aliases (*name) are not supported (write the value out, or put it in quotation marks if the asterisk is part of it)"
            ),
            (
                "*x : 1",
                "f:1:1: error: aliases (*name) are not supported (write the value out, or put it in quotation marks if the asterisk is part of it)"
            ),
            (
                "<<: {a: 1}",
                "f:1:1: error: merge keys (<<) are not supported (write the entries out where they are needed)"
            ),
            ("a: !!int 1", "f:1:4: error: tags (such as !!int) are not supported (write the value alone)"),
            (
                "a: !x!y 1",
                "f:1:4: error: tags (such as !name) are not supported (put a value that begins with \"!\" in quotation marks)"
            ),
            (
                "url: {{click_id}}",
                "f:1:7: error: a key must be text, not a list or a mapping (a value that begins with a brace, such as {{click_id}}, must stand in quotation marks)"
            ),
            (
                "[a]: 1",
                "f:1:1: error: a key must be text, not a list or a mapping (a value that begins with a brace, such as {{click_id}}, must stand in quotation marks)"
            ),
            ("a: [,]", "f:1:5: error: a value is missing before \",\""),
            ("a: {", "f:1:5: error: the text ends too early: quotation marks or brackets are not closed"),
            (
                "'*a': 1\n'*a': 2",
                "f:2:1: error: the key \"*a\" is given twice; the first is in line 1 (keep one of them)"
            ),
            ("&x a: 1\na: 2", "f:1:1: error: the key \"a\" is given twice (keep one of them)"),
            (": 1", "f:1:1: error: a key is missing before the colon"),
            (
                "a: b: c",
                "f:1:5: error: a second \": \" cannot stand in this place (is the indentation right? A value that holds \": \" must stand in quotation marks)"
            ),
            (
                "a: 1\n  b: 2",
                "f:2:4: error: a second \": \" cannot stand in this place (is the indentation right? A value that holds \": \" must stand in quotation marks)"
            ),
            (
                "a:\n    b: 1\n  c: 2",
                "f:3:3: error: this line does not fit the lines above it, in the block mapping that begins in line 1 (is the indentation right?)"
            ),
            (
                "a: 1\nfoo\nb: 2",
                "f:2:1: error: a key stands here without a colon, or quotation marks or brackets are not closed"
            ),
            ("a: %x", "f:1:4: error: a value cannot begin with \"%\" (put the value in quotation marks)"),
            ("a: \"x\nb: 1", "f:1:4: error: quotation marks or brackets that open here are not closed before the end"),
            ("a: [1, 2\nb: 3", "f:1:4: error: quotation marks or brackets that open here are not closed before line 2"),
            (
                "a: x\u{7}y",
                "f:1:5: error: the character U+0007 is not allowed in YAML (delete it, or write it as an escape in double quotation marks)"
            ),
            (
                "a: \"\\ud83d\\ude00\"",
                "f:1:7: error: a \\u escape that is not a whole character (write the character itself instead of a \\uD8.. \\uDC.. pair)"
            ),
        ]
    )
    func refuses(text: String, expected: String) {
        #expect(faults(text) == expected)
    }

    @Test("the document of a text with twin keys has the first of them, and the places of the text")
    func twins() throws {
        let text = "a: 1\nb: {c: x, c: y, d: [z], d: 2, e: 5}\na: 2\n"
        let (document, faults) = YAMLDocument.read(text, file: "f")
        #expect(faults.count == 3)
        // As if the twins were not there: blanks keep the places.
        let first = text.replacingOccurrences(of: "c: y, ", with: "      ")
            .replacingOccurrences(of: "d: 2, ", with: "      ").replacingOccurrences(of: "a: 2", with: "")
        #expect(try picture(#require(document)) == picture(YAMLDocument.parse(first, file: "f")))
    }

    @Test("a value with a token inside braces asks for quotation marks")
    func braces() {
        let text = faults("a: { url: https://a.example/?c={{click_id}} }")
        #expect(text.hasPrefix("f:1:32: error: a brace cannot stand inside a value"), "\(text)")
        #expect(text.contains("put the value in quotation marks"))
    }

    @Test("all keys that are given twice are found")
    func findsAllDuplicates() {
        let text = "a: 1\n\"b\": {c: 1, d: 1, c: 2, c: 3}\na: 2\nb: 3\ne:\n  - x: 1\n    x: 2\n"
        let expected = """
            f:2:19: error: the key "c" is given twice; the first is in line 2 (keep one of them)
            f:2:25: error: the key "c" is given twice; the first is in line 2 (keep one of them)
            f:3:1: error: the key "a" is given twice; the first is in line 1 (keep one of them)
            f:4:1: error: the key "b" is given twice; the first is in line 2 (keep one of them)
            f:7:5: error: the key "x" is given twice; the first is in line 6 (keep one of them)
            """
        #expect(faults(text) == expected)
    }

    @Test("a document of many levels is refused, however it is written", arguments: ["[", "{a: ", "- ", "? ", "{? "])
    func refusesDepth(opening: String) {
        for count in [65, 500, 5000, 200_000] {
            #expect(faults(String(repeating: opening, count: count)).contains("error: "), "\(count)")
        }
        let closed = String(repeating: "[", count: 66) + String(repeating: "]", count: 66)
        #expect(faults(closed) == "f:1:66: error: lists and mappings are nested deeper than 64 levels")
    }

    @Test("64 levels are taken")
    func takesDepth() {
        #expect(faults(String(repeating: "[", count: 65) + String(repeating: "]", count: 65)) == "")
    }

    @Test("a bomb of aliases is refused before it goes off", arguments: ["? *l25\n: 1\n", "l26: *l25\n", "*l25 : x\n"])
    func refusesBomb(end: String) {
        var text = "l0: &l0 [x, x]\n"
        for level in 1...25 { text += "l\(level): &l\(level) [*l\(level - 1), *l\(level - 1)]\n" }
        let found = faults(text + end)
        #expect(found.contains("f:1:5: error: anchors (&name) are not supported"))
        #expect(found.contains("f:27:"))
    }

    @Test("anything at all is taken or refused, never a crash")
    func survivesNoise() {
        // A fixed seed: the same texts in every run.
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        let parts = [
            "a", ":", " ", "\n", "-", "[", "]", "{", "}", "*", "&", "!", "\"", "'", "#", "|", ">", "%", ",", "?", "\\",
            "\t", "é", "\u{0}", "~", "<<", "---", "...", "\r",
        ]
        var refused = 0
        for _ in 0..<4000 {
            var text = ""
            for _ in 0..<24 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += parts[Int((state >> 33) % UInt64(parts.count))]
            }
            do {
                _ = try YAMLDocument.parse(text, file: "f")
            } catch {
                refused += 1
                #expect(
                    !error.faults.isEmpty && error.faults.allSatisfy { !$0.message.isEmpty && $0.file == "f" },
                    "\(text)"
                )
            }
        }
        #expect(refused > 0 && refused < 4000)
    }
}
