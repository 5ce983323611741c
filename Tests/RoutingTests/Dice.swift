import TestSupport

/// A repeatable generator for the property tests.
struct Dice: RandomNumberGenerator {
    private var generator: SeededGenerator

    init(_ seed: Int) {
        generator = SeededGenerator(seed: UInt64(bitPattern: Int64(seed)))
    }

    mutating func next() -> UInt64 { generator.next() }

    /// Text of up to `length` scalars that leans towards what breaks encoders.
    mutating func text(_ length: Int) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...length, using: &self) {
            let awkward = Self.awkward.randomElement(using: &self) ?? "."
            text.append(Bool.random(using: &self) ? awkward : scalar())
        }
        return String(text)
    }

    private mutating func scalar() -> Unicode.Scalar {
        let limit: UInt32 = [0x80, 0x800, 0x10000, 0x110000].randomElement(using: &self) ?? 0x80
        return Unicode.Scalar(UInt32.random(in: 0..<limit, using: &self)) ?? "\u{FFFD}"
    }

    static let awkward: [Unicode.Scalar] = [
        "&", "=", "?", "/", "#", "%", "+", " ", ";", ":", "@", ".", "\\", "\"", "'", "<", ">", "{", "}", "[", "]", "\r",
        "\n", "\t", "\0", "\u{7F}", "\u{80}", "\u{85}", "\u{A0}", "\u{7FF}", "\u{800}", "\u{FFFF}", "\u{10000}",
        "\u{10FFFF}", "\u{D7FF}", "\u{E000}", "\u{301}", "\u{200D}", "\u{202E}", "\u{2028}", "\u{FEFF}", "é", "ß",
        "İ", "😀", ",", "-", "0", "1", "a", "Z",
    ]
}
