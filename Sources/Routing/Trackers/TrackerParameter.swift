/// A query parameter that a tracker reads.
package struct TrackerParameter: Sendable, Hashable {
    package enum Need: String, Sendable, Hashable, CaseIterable {
        /// Always sent; a postback without it is worth nothing.
        case required
        /// Sent, unless the publisher leaves it out.
        case sent
        /// Sent only when the publisher asks for it.
        case optional
    }

    /// In a value: the status in the tracker's words.
    static let status = "<status>"

    /// Its name, with `<input>` where the publisher enters it; `param1..param5` or `event1..` for a row of them.
    package var name: String
    package var need: Need
    /// What is sent: a template, with `<input>` where the publisher's entry stands. nil: only the publisher knows.
    package var value: String?
    package var meaning: String
    /// Its value is a secret, because an input that is one stands in it.
    var isSecret = false

    package init(_ name: String, _ need: Need, _ value: String?, _ meaning: String) {
        self.name = name
        self.need = need
        self.value = value
        self.meaning = meaning
    }

    static func required(_ name: String, _ value: String, _ meaning: String) -> Self {
        Self(name, .required, value, meaning)
    }

    static func sent(_ name: String, _ value: String, _ meaning: String) -> Self {
        Self(name, .sent, value, meaning)
    }

    /// `value` is what is sent for `true`.
    static func optional(_ name: String, _ value: String, _ meaning: String) -> Self {
        Self(name, .optional, value, meaning)
    }

    /// Only the publisher knows what to send.
    static func optional(_ name: String, _ meaning: String) -> Self {
        Self(name, .optional, nil, meaning)
    }

    /// A row such as `param1..param5`: the stem, its first number, and its last if it has one.
    var row: (stem: String, first: Int, last: Int?)? {
        let parts = name.split(separator: "..", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let first = Self.numbered(parts[0]) else { return nil }
        if parts[1].isEmpty { return (first.stem, first.number, nil) }
        guard let last = Self.numbered(parts[1]), last.stem == first.stem, last.number >= first.number else {
            return nil
        }
        return (first.stem, first.number, last.number)
    }

    /// Whether `name` is this parameter, or one of its row.
    func covers(_ name: String) -> Bool {
        if name == self.name { return row == nil }
        // Looked at for every parameter of every route that chooses some: rows are rare, and so are names like theirs.
        guard let last = name.utf8.last, last >= 0x30, last <= 0x39, self.name.utf8.contains(UInt8(ascii: ".")),
            let row
        else { return false }
        guard let numbered = Self.numbered(name[...]), numbered.stem == row.stem else { return false }
        return numbered.number >= row.first && numbered.number <= row.last ?? .max
    }

    private static func numbered(_ text: Substring) -> (stem: String, number: Int)? {
        let stem = text.reversed().drop { $0.isASCII && $0.isNumber }.count
        let digits = text.dropFirst(stem)
        guard stem > 0, !digits.hasPrefix("0"), let number = Int(digits) else { return nil }
        return (String(text.prefix(stem)), number)
    }
}
