/// A length of time in whole milliseconds, as people write it in the files: `500ms`, `5s`, `10m`, `6h`, `7d`.
///
/// Zero or more; never negative. A unit is required (`0` alone is the one exception), and fractions are not allowed:
/// `1.5s` is written `1500ms`. Nothing but digits and one unit: no signs, no blanks, no `1h30m`.
package struct Milliseconds: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Milliseconds, 0 or more.
    package var value: Int64

    package init(_ value: Int64) {
        self.value = max(0, value)
    }

    /// The duration that `text` spells, or nil; ``fault(in:)`` tells why it is nil.
    package init?(parsing text: String) {
        guard case .success(let parsed) = Self.parse(text) else { return nil }
        self = parsed
    }

    /// What is wrong with `text` as a duration, in words for the person who wrote it; nil when nothing is.
    package static func fault(in text: String) -> String? {
        guard case .failure(let flaw) = parse(text) else { return nil }
        return flaw.message
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.value < right.value
    }

    /// The shortest spelling that reads back as the same duration: 90000 is `90s`, 86400000 is `1d`.
    package var description: String {
        if value == 0 { return "0s" }
        for unit in Self.units.reversed() where value % unit.milliseconds == 0 {
            return "\(value / unit.milliseconds)\(unit.name)"
        }
        return "\(value)ms"
    }

    private struct Flaw: Error {
        var message: String
    }

    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    private static let allowed = "a whole number and one of ms, s, m, h, d, such as 500ms, 5s, 10m, 6h or 7d"

    private static func parse(_ text: String) -> Result<Self, Flaw> {
        let digits = text.utf8.prefix { $0 >= 0x30 && $0 <= 0x39 }
        let rest = String(text.utf8.dropFirst(digits.count)) ?? text
        if text.isEmpty { return .failure(Flaw(message: "is empty; a duration is \(allowed)")) }
        if digits.isEmpty { return .failure(Flaw(message: "\"\(text)\" is not a duration; it must be \(allowed)")) }
        guard let count = Int64(String(digits) ?? "") else {
            return .failure(Flaw(message: "\"\(text)\" is longer than any duration that can be kept"))
        }
        if rest.isEmpty {
            if count == 0 { return .success(Self(0)) }
            return .failure(Flaw(message: "\"\(text)\" has no unit; write \(text)ms, \(text)s or \(text)m"))
        }
        guard let unit = units.first(where: { $0.name == rest }) else {
            return .failure(Flaw(message: "\"\(text)\" is not a duration; it must be \(allowed)"))
        }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit.milliseconds)
        if overflow {
            return .failure(Flaw(message: "\"\(text)\" is longer than any duration that can be kept"))
        }
        return .success(Self(product))
    }
}
