/// The labels of one series, made valid and put in order, already written as they stand between the braces.
struct LabelSet: Hashable, Comparable {
    /// For example `outcome="delivered",reused="true"`; empty for a series without labels.
    let text: [UInt8]

    static let none = LabelSet([])

    /// Invalid characters of a name become `_`; a label with an empty value is left out, because Prometheus takes it
    /// as absent; of two labels with the same name the first counts. `le` is the histogram's own and becomes `le_`.
    init(_ labels: [(String, String)]) {
        var seen = Set<String>()
        var pairs: [(name: String, value: String)] = []
        for (name, value) in labels where !value.isEmpty {
            let name = MetricName.label(name)
            if seen.insert(name).inserted { pairs.append((name, value)) }
        }
        pairs.sort { $0.name < $1.name }
        var text: [UInt8] = []
        for (index, pair) in pairs.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            text.append(contentsOf: pair.name.utf8)
            text.append(contentsOf: "=\"".utf8)
            Self.escape(pair.value, into: &text)
            text.append(UInt8(ascii: "\""))
        }
        self.text = text
    }

    /// Backslash, quote and newline are escaped, nothing else (exposition format 0.0.4).
    private static func escape(_ value: String, into text: inout [UInt8]) {
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): text.append(contentsOf: "\\\\".utf8)
            case UInt8(ascii: "\""): text.append(contentsOf: "\\\"".utf8)
            case UInt8(ascii: "\n"): text.append(contentsOf: "\\n".utf8)
            default: text.append(byte)
            }
        }
    }

    static func < (left: Self, right: Self) -> Bool {
        left.text.lexicographicallyPrecedes(right.text)
    }
}
