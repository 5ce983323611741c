import Documents

extension TrackerInput {
    struct Flaw: Error, Equatable {
        var message: String
        var hint: String?
    }

    /// What was entered, in the form that goes into the URL. A ``Kind/text`` is only looked at here; its tokens are
    /// checked where the URL is made.
    func canonical(_ text: String) throws(Flaw) -> String {
        if text.isEmpty { throw Flaw(message: "the \(name) is empty", hint: "\(meaning), such as \(example)") }
        switch kind {
        case .domain:
            do throws(TrackerDomain.Flaw) {
                return try TrackerDomain.canonical(text)
            } catch {
                throw Flaw(message: error.message, hint: error.hint)
            }
        case .path: return try path(text)
        case .word:
            guard text.utf8.count <= 200, text.utf8.allSatisfy(URICharacters.isUnreserved) else {
                throw refused(text, "letters, digits, -, ., _ or ~")
            }
        case .number:
            guard text.utf8.count <= 20, text.utf8.allSatisfy(Self.isDigit) else { throw refused(text, "digits") }
        case .hexadecimal(let digits):
            guard text.utf8.count == digits, text.utf8.allSatisfy(Self.isHexadecimal) else {
                throw refused(text, "\(digits) hexadecimal digits")
            }
        case .uuid:
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            let counts = parts.map(\.utf8.count)
            guard counts == [32] || counts == [8, 4, 4, 4, 12],
                parts.allSatisfy({ $0.utf8.allSatisfy(Self.isHexadecimal) })
            else { throw refused(text, "32 hexadecimal digits, with hyphens or without") }
        case .text: break
        case .choice(let words):
            guard words.contains(text.lowercased()) else {
                let closest = Suggestion.closest(to: text, among: words)
                throw Flaw(
                    message: "the \(name) cannot be\(isSecret ? " this" : quoted(text))",
                    hint: closest.map { "probably \($0)" } ?? "allowed: \(words.joined(separator: ", "))"
                )
            }
            return text.lowercased()
        }
        return text
    }

    /// Without the slashes around it.
    private func path(_ text: String) throws(Flaw) -> String {
        var path = text[...]
        while path.first == "/" { path.removeFirst() }
        while path.last == "/" { path.removeLast() }
        if text.contains("://") || text.contains("?") || text.contains("#") || text.contains("{{") {
            throw Flaw(
                message: "the \(name)\(quoted(text)) is more than a path",
                hint: "enter only what stands between the domain and the ?, such as \(example)"
            )
        }
        for segment in path.split(separator: "/", omittingEmptySubsequences: false) {
            guard isSegment(segment) else { throw refused(text, "the segments of a path, such as \(example)") }
        }
        return String(path)
    }

    private func isSegment(_ segment: Substring) -> Bool {
        let bytes = Array(segment.utf8)
        guard !bytes.isEmpty, bytes.count <= 200, !DotSegment.matches(bytes[...]) else { return false }
        return bytes.indices.allSatisfy { place in
            if bytes[place] == UInt8(ascii: "%") {
                return bytes.count > place + 2 && bytes[(place + 1)...(place + 2)].allSatisfy(Self.isHexadecimal)
            }
            return URICharacters.allows(bytes[place], inQuery: false) && bytes[place] != UInt8(ascii: "?")
        }
    }

    private func refused(_ text: String, _ allowed: String) -> Flaw {
        Flaw(message: "the \(name)\(quoted(text)) must be \(allowed)", hint: "\(meaning), such as \(example)")
    }

    /// Not what may be a secret.
    private func quoted(_ text: String) -> String { isSecret ? "" : " \"\(text)\"" }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    private static func isHexadecimal(_ byte: UInt8) -> Bool { Hexadecimal.value(byte) != nil }
}
