/// HTTP statuses by number, range and class: `200`, `200-299`, `2xx`.
struct StatusRanges: Sendable, Hashable {
    /// Within 100...599; empty for no list at all.
    var ranges: [ClosedRange<Int>] = []

    var isEmpty: Bool { ranges.isEmpty }

    func contains(_ status: Int) -> Bool {
        ranges.contains { $0.contains(status) }
    }

    /// One item of a list, or nil when it is none of the three.
    static func range(_ text: String) -> ClosedRange<Int>? {
        let bytes = Array(text.utf8)
        if bytes.count == 3, bytes[1] | 0x20 == UInt8(ascii: "x"), bytes[2] | 0x20 == UInt8(ascii: "x") {
            guard (0x31...0x35).contains(bytes[0]) else { return nil }
            let first = Int(bytes[0] - 0x30) * 100
            return first...(first + 99)
        }
        let parts = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map(status)
        switch parts.count {
        case 1: return parts[0].map { $0...$0 }
        case 2:
            guard let first = parts[0], let last = parts[1], first <= last else { return nil }
            return first...last
        default: return nil
        }
    }

    private static func status(_ digits: ArraySlice<UInt8>) -> Int? {
        guard digits.count == 3, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return (100...599).contains(value) ? value : nil
    }

    /// `200-299 or 404`, for messages.
    var text: String {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: " or ")
    }
}
