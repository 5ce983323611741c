/// A YAML text in which nothing can be an alias any more, and the way back.
///
/// An alias is an asterisk and a name (`*base`). In quotation marks, comments and plain text the same characters mean
/// nothing, and only a YAML scanner can tell; so all of them are exchanged, and after parsing an alias is a plain scalar
/// that begins with the stand-in.
struct AliasDisarming {
    /// The text to parse; its lines and columns are those of the original.
    let text: String
    /// The UTF-8 of the one character that stands for the asterisk; empty when there was nothing to exchange.
    private let standIn: [UInt8]

    init(_ text: String) {
        guard Self.mayHoldAlias(text) else {
            self.text = text
            standIn = []
            return
        }
        let standIn = Self.unusedCharacter(in: text)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 64)
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if previous == Self.asterisk && Self.isName(byte) {
                bytes.removeLast()
                bytes.append(contentsOf: standIn)
            }
            bytes.append(byte)
            previous = byte
        }
        self.text = String(decoding: bytes, as: UTF8.self)
        self.standIn = standIn
    }

    /// The author's own text of a scalar.
    func restored(_ scalar: String) -> String {
        // No stand-in without its first byte, which few texts hold.
        guard let first = standIn.first, scalar.utf8.contains(first) else { return scalar }
        var bytes: [UInt8] = []
        for byte in scalar.utf8 {
            bytes.append(byte)
            if bytes.count >= standIn.count && bytes.suffix(standIn.count) == standIn[...] {
                bytes.removeLast(standIn.count)
                bytes.append(Self.asterisk)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether a plain scalar was an alias.
    func isAlias(_ scalar: String) -> Bool {
        !standIn.isEmpty && scalar.utf8.starts(with: standIn)
    }

    private static let asterisk = UInt8(ascii: "*")

    private static func mayHoldAlias(_ text: String) -> Bool {
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if previous == asterisk && isName(byte) { return true }
            previous = byte
        }
        return false
    }

    /// What libyaml takes for the name of an alias.
    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// A private-use character (Unicode 23.5) that the text does not hold. U+E000 is taken by ``DuplicateKeys``.
    private static func unusedCharacter(in text: String) -> [UInt8] {
        var used: Set<UInt32> = []
        for scalar in text.unicodeScalars where scalar.value >= 0xE001 && scalar.value <= 0xF8FF {
            used.insert(scalar.value)
        }
        let free = (0xE001...0xF8FF).lazy.filter { !used.contains($0) }.compactMap(Unicode.Scalar.init).first
        return Array(String(free ?? "\u{F8FF}").utf8)
    }
}
