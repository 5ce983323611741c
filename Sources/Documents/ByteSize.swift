/// A number of bytes, as people write it in the files: `64KiB`, `2GiB`, `500MB`, `65536`.
///
/// Zero or more. `KiB`, `MiB`, `GiB`, `TiB` are powers of 1024 (IEC 80000-13), `kB` (or `KB`), `MB`, `GB`, `TB` powers
/// of 1000, `B` and no unit are bytes. Nothing but digits and one unit: no signs, no blanks, no fractions.
package struct ByteSize: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Bytes, 0 or more.
    package var value: Int64

    package init(_ value: Int64) {
        self.value = max(0, value)
    }

    /// The size that `text` spells, or nil; ``fault(in:)`` tells why it is nil.
    package init?(parsing text: String) {
        guard case .success(let parsed) = Self.parse(text) else { return nil }
        self = parsed
    }

    /// What is wrong with `text` as a size, in words for the person who wrote it; nil when nothing is.
    package static func fault(in text: String) -> String? {
        guard case .failure(let flaw) = parse(text) else { return nil }
        return flaw.message
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.value < right.value
    }

    /// The shortest spelling in binary units that reads back as the same size: 65536 is `64KiB`, 1000 is `1000`.
    package var description: String {
        for unit in Self.units.prefix(4) where value != 0 && value % unit.bytes == 0 {
            return "\(value / unit.bytes)\(unit.name)"
        }
        return "\(value)"
    }

    private struct Flaw: Error {
        var message: String
    }

    /// The binary units stand first, the largest of them at the head: ``description`` counts on it.
    private static let units: [(name: String, bytes: Int64)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
        ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("KB", 1_000), ("B", 1),
    ]

    private static let allowed =
        "a whole number of bytes, or one with KiB, MiB, GiB, TiB, kB, MB, GB or TB, such as 65536, 64KiB or 500MB"

    private static func parse(_ text: String) -> Result<Self, Flaw> {
        let digits = text.utf8.prefix { $0 >= 0x30 && $0 <= 0x39 }
        let rest = String(text.utf8.dropFirst(digits.count)) ?? text
        if text.isEmpty { return .failure(Flaw(message: "is empty; a size is \(allowed)")) }
        if digits.isEmpty { return .failure(Flaw(message: "\"\(text)\" is not a size; it must be \(allowed)")) }
        guard let count = Int64(String(digits) ?? "") else {
            return .failure(Flaw(message: "\"\(text)\" is larger than any size that can be kept"))
        }
        if rest.isEmpty { return .success(Self(count)) }
        guard let unit = units.first(where: { $0.name == rest }) else {
            let meant = units.first { $0.name.lowercased() == rest.lowercased() }
            let hint = meant.map { "; write \(count)\($0.name)" } ?? "; it must be \(allowed)"
            return .failure(Flaw(message: "\"\(text)\" is not a size" + hint))
        }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit.bytes)
        if overflow {
            return .failure(Flaw(message: "\"\(text)\" is larger than any size that can be kept"))
        }
        return .success(Self(product))
    }
}
