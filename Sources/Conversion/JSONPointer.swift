/// A JSON Pointer (RFC 6901): `/parameters/campaign`. `~1` stands for a slash and `~0` for a tilde in a name.
package struct JSONPointer: Sendable, Hashable {
    /// The names it leads through, unescaped, in UTF-8; none for the whole document.
    package let tokens: [[UInt8]]

    /// Why a text is no JSON Pointer.
    package struct Invalid: Error, Sendable, Equatable, CustomStringConvertible {
        /// One sentence, for whoever wrote the pointer.
        package let reason: String
        /// The same as `reason`.
        package var description: String { reason }
    }

    /// Reads a pointer; throws with a sentence on what is wrong with it.
    package init(parsing text: String) throws(Invalid) {
        guard !text.isEmpty else {
            tokens = []
            return
        }
        guard text.utf8.first == UInt8(ascii: "/") else {
            throw Invalid(reason: "a JSON Pointer begins with \"/\": write \"/\(text)\"")
        }
        var tokens: [[UInt8]] = []
        for part in text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            tokens.append(try Self.unescape(part))
        }
        self.tokens = tokens
    }

    /// Digits without a needless zero in front (RFC 6901, section 4).
    static func arrayIndex(_ token: [UInt8]) -> Int? {
        guard !token.isEmpty, token.count < 10, token.count == 1 || token[0] != UInt8(ascii: "0") else { return nil }
        var value = 0
        for byte in token {
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
        }
        return value
    }

    private static func unescape(_ part: Substring.UTF8View) throws(Invalid) -> [UInt8] {
        var token: [UInt8] = []
        var bytes = part.makeIterator()
        while let byte = bytes.next() {
            guard byte == UInt8(ascii: "~") else {
                token.append(byte)
                continue
            }
            switch bytes.next() {
            case UInt8(ascii: "0"): token.append(UInt8(ascii: "~"))
            case UInt8(ascii: "1"): token.append(UInt8(ascii: "/"))
            default: throw Invalid(reason: "in a JSON Pointer \"~\" must be followed by 0 (for ~) or 1 (for /)")
            }
        }
        return token
    }
}

extension JSONPointer: CustomStringConvertible {
    /// The pointer as RFC 6901 writes it.
    package var description: String {
        tokens.reduce(into: "") { text, token in
            text += "/"
            for scalar in String(decoding: token, as: UTF8.self).unicodeScalars {
                switch scalar {
                case "~": text += "~0"
                case "/": text += "~1"
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
    }
}
