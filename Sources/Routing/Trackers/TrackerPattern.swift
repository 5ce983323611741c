/// A tracker's URL as one text, cut into address and parameters.
struct TrackerPattern {
    var address: String
    /// Names and values in the order of the text; a parameter without `=` has no value.
    var parameters: [(name: String, value: String?)]

    /// Cuts at `?`, `&` and `=`, but not inside a token: `{{ x | default:"a&b" }}` is one value.
    init(_ text: String) {
        let parts = Self.split(text, at: "?", most: 1)
        address = parts[0]
        parameters = []
        guard parts.count == 2 else { return }
        for part in Self.split(parts[1], at: "&") where !part.isEmpty {
            let sides = Self.split(part, at: "=", most: 1)
            parameters.append((sides[0], sides.count == 2 ? sides[1] : nil))
        }
    }

    /// The names between `<` and `>`, each once.
    static func placeholders(in text: String) -> [String] {
        var names: [String] = []
        for part in text.split(separator: "<", omittingEmptySubsequences: false).dropFirst() {
            guard let close = part.firstIndex(of: ">") else { continue }
            let name = String(part[..<close])
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    private static func split(_ text: String, at mark: Character, most: Int = .max) -> [String] {
        var parts = [""]
        var depth = 0
        var last: Character?
        for character in text {
            if character == "{", last == "{" { depth += 1 }
            if character == "}", last == "}" { depth -= 1 }
            last = character
            if character == mark, depth <= 0, parts.count <= most {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts
    }
}
