/// Host names in other scripts than ASCII, brought to the form that DNS knows (RFC 5890: A-labels).
///
/// Letters, digits and marks are taken (RFC 5892, section 2.1), in lower case. What would first have to be folded to
/// another spelling (full-width letters, ligatures, a letter and its accent as two characters) is refused: two
/// programs may fold it differently, and then they mean two hosts.
enum InternationalName {
    /// Why a name cannot be brought to ASCII.
    struct Flaw: Error, Equatable {
        var message: String
        var hint: String
    }

    /// The name with every label that is not ASCII as `xn--...`; ASCII labels stay as they are.
    static func toASCII(_ name: String) throws(Flaw) -> String {
        var labels: [String] = []
        for label in name.split(separator: ".", omittingEmptySubsequences: false) {
            labels.append(label.utf8.allSatisfy { $0 < 0x80 } ? String(label) : try encoded(label))
        }
        return labels.joined(separator: ".")
    }

    private static let byHand = "write the name in its ASCII form, the one that starts with xn--"

    private static func encoded(_ label: Substring) throws(Flaw) -> String {
        let scalars = Array(label.lowercased().unicodeScalars)
        for (index, scalar) in scalars.enumerated() where !isAllowed(scalar, isFirst: index == 0) {
            throw Flaw(message: "a domain may not hold \"\(scalar)\" (\(codePoint(scalar)))", hint: byHand)
        }
        guard let ascii = Punycode.encode(scalars) else {
            throw Flaw(message: "\"\(label)\" is too long for a part of a domain", hint: "at most 63 characters")
        }
        return "xn--" + ascii
    }

    private static func isAllowed(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
        let properties = scalar.properties
        if scalar.isASCII {
            return properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "-"
        }
        // Both are letters of their own in domains (RFC 5892, appendix B.1), though other programs fold them.
        if scalar == "\u{DF}" || scalar == "\u{3C2}" { return true }
        if properties.changesWhenNFKCCaseFolded || composes(scalar) { return false }
        switch properties.generalCategory {
        case .lowercaseLetter, .otherLetter, .modifierLetter, .decimalNumber: return true
        case .nonspacingMark, .spacingMark: return !isFirst
        default: return false
        }
    }

    /// Accents, voicing marks and Hangul parts melt into the letter before them (NFC), and there is no table of that
    /// here.
    private static func composes(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0300...0x036F, 0x0653...0x0655, 0x1100...0x11FF, 0x3099...0x309A: true
        default: false
        }
    }

    private static func codePoint(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
