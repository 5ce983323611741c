import Conversion

/// Times as they come in an event: RFC 3339, or whole seconds since the Unix epoch.
enum TimeText {
    /// Milliseconds since the Unix epoch, in the years 0 to 9999; nil for anything else.
    static func milliseconds(_ text: [UInt8]) -> Int64? {
        let digits = text.first == UInt8(ascii: "-") ? text.dropFirst() : text[...]
        guard (1...12).contains(digits.count), digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
            guard let time = try? RFC3339.milliseconds(text.span) else { return nil }
            return allowed.contains(seconds(time)) ? time : nil
        }
        let value = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
        let signed = digits.count == text.count ? value : -value
        return allowed.contains(signed) ? signed * 1_000 : nil
    }

    /// Whole seconds, downwards also before 1970.
    static func seconds(_ milliseconds: Int64) -> Int64 {
        milliseconds >= 0 ? milliseconds / 1_000 : -((999 - milliseconds) / 1_000)
    }

    /// From 0000-01-01 to 9999-12-31.
    private static let allowed: ClosedRange<Int64> = -62_167_219_200...253_402_300_799
}
