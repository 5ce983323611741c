/// Marks where a secret stands in a tracker's URL while that is put together. The marks are characters that no URL may
/// hold, and are taken out before anybody reads it.
enum SecretMarks {
    private static let open: Unicode.Scalar = "\u{E000}"
    private static let close: Unicode.Scalar = "\u{E001}"

    static func around(_ secret: String) -> String {
        "\(open)\(secret)\(close)"
    }

    /// The text without its marks, and the bytes of it that stood between two.
    static func takenOut(of text: String) -> (text: String, secrets: [Range<Int>]) {
        var plain = String.UnicodeScalarView()
        var count = 0
        var start: Int?
        var secrets: [Range<Int>] = []
        for scalar in text.unicodeScalars {
            switch scalar {
            case open: start = start ?? count
            case close:
                if let from = start, from < count { secrets.append(from..<count) }
                start = nil
            default:
                plain.append(scalar)
                count += UTF8.width(scalar)
            }
        }
        return (String(plain), secrets)
    }
}
