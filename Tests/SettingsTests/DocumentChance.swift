import TestSupport

/// Documents by chance, and damage to them; repeatable.
struct DocumentChance: RandomNumberGenerator {
    private var generator: SeededGenerator

    init(_ seed: Int) {
        generator = SeededGenerator(seed: UInt64(bitPattern: Int64(seed)))
    }

    mutating func next() -> UInt64 { generator.next() }

    private mutating func pick(_ choices: [String]) -> String {
        choices.randomElement(using: &self) ?? ""
    }

    private mutating func scalar() -> String {
        pick([
            "a", "\"q\"", "'s'", "~", "null", "1.50", "-5", "https://x.example/?a={{b}}&c=#d",
            "\"{{x}} \\\" \\\\ \\n\"",
            "'it''s'", "\"é😀\"", "über", "\"\"", "no", "a b", "a: b", "a #b", "a#b", "!t x", "*x", "&x y", "|\n   z",
            "\"two\n     lines\"", "plain\n     lines", "@x", "\"\\u00e9\"", "\"\\ud83d\"", "-", "- x", "{}", "[]",
            "? x",
            "<<", "x:y", "\"tab\there\"", "\u{2028}", "\u{E005}", "*",
        ])
    }

    private mutating func usual() -> String {
        pick([
            "a", "\"q\"", "'s'", "~", "1.50", "\"https://x.example/?a={{b}}\"", "\"é😀\"", "https://x.example/y", "\"\"",
        ])
    }

    private mutating func key() -> String {
        pick(["a", "b", "\"c\"", "'d'", "\"ü\"", "e_f", "1", "\"2\"", "g ", "\"a\""])
    }

    private mutating func flow(_ depth: Int) -> String {
        let blank = pick(["", " ", "  "])
        switch Int.random(in: 0..<(depth > 2 ? 1 : 3), using: &self) {
        case 0: return pick(["a", "\"q\"", "null", "1.5", "-2", "'s'", "\"é\"", "true", "a b", "x:y", "\"a\\/b\""])
        case 1:
            let elements = (0..<Int.random(in: 0...2, using: &self)).map { _ in flow(depth + 1) }
            return "[" + blank + elements.joined(separator: pick([",", ", ", " , "])) + blank + "]"
        default:
            let entries = (0..<Int.random(in: 0...2, using: &self)).map { _ in
                key() + pick([": ", ":", " : "]) + flow(depth + 1)
            }
            return "{" + blank + entries.joined(separator: pick([",", ", "])) + blank + "}"
        }
    }

    private mutating func value(_ indent: Int) -> String {
        let end = pick(["\n", "\n", "\n", " \n", "  # c\n", "\n\n", "\n  # é\n"])
        switch Int.random(in: 0..<(indent > 8 ? 4 : 8), using: &self) {
        case 0: return end
        case 1: return " " + scalar() + end
        case 2: return " " + usual() + end
        case 3: return " " + flow(0) + end
        case 4:
            let inner = indent + Int.random(in: 1...3, using: &self)
            let blanks = String(repeating: " ", count: inner)
            let elements = (0..<Int.random(in: 1...2, using: &self)).map { _ in
                let dash = "\(blanks)-\(pick([" ", "  "]))"
                return Bool.random(using: &self)
                    ? dash + usual() + "\n" : dash + "x: 1\n" + blanks + "  y:" + value(inner + 2)
            }
            return end + elements.joined()
        default:
            let inner = indent + Int.random(in: 1...3, using: &self)
            return end + mapping(inner)
        }
    }

    private mutating func mapping(_ indent: Int) -> String {
        let blanks = String(repeating: " ", count: indent)
        return (0..<Int.random(in: 1...3, using: &self)).map {
            "\(blanks)\(key())\($0 == 0 ? "" : "\($0)"):" + value(indent)
        }
        .joined()
    }

    mutating func document() -> String {
        if Int.random(in: 0..<4, using: &self) == 0 {
            let blank = pick(["", " ", "\n", "\n  "])
            let entries = (0..<Int.random(in: 0...4, using: &self)).map { "\"p\($0)\":\(blank)" + flow(0) }
            return "\(blank){\(blank)\"publishers\":\(blank){\(blank)" + entries.joined(separator: ",\(blank)")
                + "}\(blank)}\n"
        }
        let head = pick(["", "", "---\n", "# c\n", "mode: x\n", "\u{FEFF}", "\n"])
        let indent = Int.random(in: 1...3, using: &self)
        let blanks = String(repeating: " ", count: indent)
        let entries = (0..<Int.random(in: 1...5, using: &self)).map { "\(blanks)\"p\($0)\":" + value(indent) }
        return head + "publishers:" + pick(["\n", " # c\n"]) + entries.joined()
            + pick(["", "", "mode: y\n", "z: [1]\n", "...\n"])
    }

    mutating func damaged(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars)
        let place = Int.random(in: 0..<scalars.count, using: &self)
        switch Int.random(in: 0..<3, using: &self) {
        case 0: scalars.remove(at: place)
        case 1:
            scalars.insert(
                Unicode.Scalar(
                    pick(["\"", "'", ":", " ", "\n", "{", "}", "[", "]", ",", "#", "-", "\t", "&", "*", "é"])
                ) ?? "x",
                at: place
            )
        default: scalars.removeSubrange(place...)
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
