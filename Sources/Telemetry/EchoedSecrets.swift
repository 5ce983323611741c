/// Takes known secrets out of a text that somebody else wrote, such as an answer that repeats the request.
///
/// A secret is found as it is and as it looks after percent-encoding (once or twice), in a form, in a JSON string and in
/// HTML, in any case; also where the text was cut off within it. Pure; safe from any thread.
package struct EchoedSecrets: Sendable {
    /// The longest first, so that none leaves the rest of another.
    private let secrets: [[UInt8]]

    /// So much of a secret is taken for it at the end of a text, or in front of an ellipsis.
    private static let shortestHead = 4
    private static let ellipsis = Array("…".utf8)

    /// - Parameter secrets: those of fewer than `SecretMask.repeatedLength` bytes are left out: they would hit by chance.
    package init(_ secrets: some Sequence<[UInt8]>) {
        let long = Set(secrets.filter { $0.count >= SecretMask.repeatedLength })
        self.secrets = long.sorted { $0.count > $1.count || ($0.count == $1.count && $0.lexicographicallyPrecedes($1)) }
    }

    package var isEmpty: Bool { secrets.isEmpty }

    /// The text with `***` in place of every secret.
    package func masked(_ text: String) -> String {
        secrets.isEmpty ? text : String(decoding: masked(Array(text.utf8)), as: UTF8.self)
    }

    /// Same, on UTF-8.
    package func masked(_ text: [UInt8]) -> [UInt8] {
        if secrets.isEmpty { return text }
        var shown: [UInt8] = []
        shown.reserveCapacity(text.count)
        var position = 0
        while position < text.count {
            if let end = secrets.lazy.compactMap({ Self.end(of: $0, text, position) }).first {
                shown.append(contentsOf: SecretMask.mask.utf8)
                position = end
            } else {
                shown.append(text[position])
                position += 1
            }
        }
        return shown
    }

    /// Behind the secret that begins at `start`; nil when none does.
    private static func end(of secret: [UInt8], _ text: [UInt8], _ start: Int) -> Int? {
        // Nearly always it does not; that costs nothing.
        if Spelling.lengths(of: secret[0], text, start).isEmpty { return nil }
        // Several, because `%25` is a percent sign, and one with two digits behind it.
        var ends: Set = [start]
        for (index, byte) in secret.enumerated() {
            let next = Set(ends.flatMap { end in Spelling.lengths(of: byte, text, end).map { end + $0 } })
            if next.isEmpty {
                guard index >= shortestHead else { return nil }
                return ends.first { $0 == text.count || text[$0...].starts(with: ellipsis) }
            }
            ends = next
        }
        return ends.max()
    }
}

/// The ways in which one byte can be written.
private enum Spelling {
    /// How many bytes of the text from `start` on spell `byte`; none when they spell something else.
    static func lengths(of byte: UInt8, _ text: [UInt8], _ start: Int) -> [Int] {
        guard start < text.count else { return [] }
        let first = text[start]
        var lengths = lower(first) == lower(byte) ? [1] : []
        switch first {
        case UInt8(ascii: "+"):
            if byte == UInt8(ascii: " ") { lengths.append(1) }
        case UInt8(ascii: "%"):
            if number(text, start + 1, 2) == Int(byte) { lengths.append(3) }
            if number(text, start + 1, 2) == 0x25, number(text, start + 3, 2) == Int(byte) { lengths.append(5) }
        case UInt8(ascii: "\\"):
            if start + 1 < text.count, text[start + 1] == byte { lengths.append(2) }
            if start + 1 < text.count, text[start + 1] == UInt8(ascii: "u"), number(text, start + 2, 4) == Int(byte) {
                lengths.append(6)
            }
        case UInt8(ascii: "&"):
            if let length = reference(to: byte, text, start) { lengths.append(length) }
        default: break
        }
        return lengths
    }

    private static let names: [(name: [UInt8], byte: UInt8)] = [
        ("&amp;", UInt8(ascii: "&")), ("&lt;", UInt8(ascii: "<")), ("&gt;", UInt8(ascii: ">")),
        ("&quot;", UInt8(ascii: "\"")), ("&apos;", UInt8(ascii: "'")),
    ].map { (Array($0.utf8), $1) }

    /// A character reference of HTML, such as `&amp;`, `&#43;` or `&#x2F;`.
    private static func reference(to byte: UInt8, _ text: [UInt8], _ start: Int) -> Int? {
        for (name, meant) in names where meant == byte && text[start...].starts(with: name) { return name.count }
        guard let end = text[start...].prefix(8).firstIndex(of: UInt8(ascii: ";")), start + 2 < end,
            text[start + 1] == UInt8(ascii: "#")
        else { return nil }
        let isHexadecimal = lower(text[start + 2]) == UInt8(ascii: "x")
        let digits = String(decoding: text[(start + (isHexadecimal ? 3 : 2))..<end], as: UTF8.self)
        return Int(digits, radix: isHexadecimal ? 16 : 10) == Int(byte) ? end + 1 - start : nil
    }

    /// So many hexadecimal digits; nil when they are none.
    private static func number(_ text: [UInt8], _ start: Int, _ count: Int) -> Int? {
        guard start + count <= text.count else { return nil }
        var number = 0
        for byte in text[start..<start + count] {
            switch lower(byte) {
            case let digit where (0x30...0x39).contains(digit): number = number * 16 + Int(digit - 0x30)
            case let letter where (0x61...0x66).contains(letter): number = number * 16 + Int(letter - 0x61 + 10)
            default: return nil
            }
        }
        return number
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
