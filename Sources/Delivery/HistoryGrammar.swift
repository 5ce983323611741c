/// Tells whether a carried history is one that `AttemptHistory` wrote: an array of flat objects whose values are
/// strings and numbers. Anybody can write a header, and ours must stay JSON.
enum HistoryGrammar {
    static func accepts(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        guard take("[", &rest) else { return false }
        repeat {
            guard object(&rest) else { return false }
        } while take(",", &rest)
        return take("]", &rest) && rest.isEmpty
    }

    private static func object(_ rest: inout ArraySlice<UInt8>) -> Bool {
        guard take("{", &rest) else { return false }
        repeat {
            guard string(&rest), take(":", &rest), value(&rest) else { return false }
        } while take(",", &rest)
        return take("}", &rest)
    }

    /// Told apart by its first byte: a string that broke off half-way is not read on as a number.
    private static func value(_ rest: inout ArraySlice<UInt8>) -> Bool {
        rest.first == UInt8(ascii: "\"") ? string(&rest) : number(&rest)
    }

    /// Braces in strings are escaped by us; a bare one would split an entry.
    private static func string(_ rest: inout ArraySlice<UInt8>) -> Bool {
        guard take("\"", &rest) else { return false }
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return true
            case 0..<0x20, UInt8(ascii: "{"), UInt8(ascii: "}"): return false
            case UInt8(ascii: "\\"): if !escape(&rest) { return false }
            default: break
            }
        }
        return false
    }

    private static func escape(_ rest: inout ArraySlice<UInt8>) -> Bool {
        guard let kind = rest.popFirst() else { return false }
        if kind == UInt8(ascii: "\"") || kind == UInt8(ascii: "\\") { return true }
        let digits = rest.prefix(4)
        rest = rest.dropFirst(4)
        let isHexadecimal = digits.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        // We write \u only for controls and braces: no surrogates.
        return kind == UInt8(ascii: "u") && digits.count == 4 && isHexadecimal && digits.first == UInt8(ascii: "0")
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> Bool {
        let isNegative = take("-", &rest)
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(digits.count)
        let hasLeadingZero = digits.first == 0x30 && digits.count > 1
        return (1...18).contains(digits.count) && !hasLeadingZero && !(isNegative && digits.first == 0x30)
    }

    private static func take(_ character: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }
}
