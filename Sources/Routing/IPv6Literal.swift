/// An IPv6 address as RFC 4291, section 2.2 allows it, written back the one way RFC 5952 asks for.
enum IPv6Literal {
    /// The canonical spelling in hexadecimal groups, or nil when `text` is not an IPv6 address. Zones are not allowed.
    static func canonical(_ text: ArraySlice<UInt8>) -> String? {
        groups(text).map(write)
    }

    private static func groups(_ text: ArraySlice<UInt8>) -> [UInt16]? {
        let colon = UInt8(ascii: ":")
        var left: [UInt16] = []
        var right: [UInt16] = []
        if let gap = text.indices.dropLast().first(where: { text[$0] == colon && text[$0 + 1] == colon }) {
            let before = text[..<gap]
            let after = text[(gap + 2)...]
            guard let head = before.isEmpty ? [] : run(before, mayEndInIPv4: false),
                let tail = after.isEmpty ? [] : run(after, mayEndInIPv4: true),
                head.count + tail.count <= 7
            else { return nil }
            left = head
            right = tail
        } else {
            guard let all = run(text, mayEndInIPv4: true), all.count == 8 else { return nil }
            left = all
        }
        return left + [UInt16](repeating: 0, count: 8 - left.count - right.count) + right
    }

    /// Groups between single colons; the last may be an IPv4 address and then counts twice.
    private static func run(_ text: ArraySlice<UInt8>, mayEndInIPv4: Bool) -> [UInt16]? {
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var result: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if mayEndInIPv4, index == parts.count - 1, let bytes = IPv4Literal.parse(part) {
                result.append(UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
                result.append(UInt16(bytes[2]) << 8 | UInt16(bytes[3]))
                continue
            }
            guard (1...4).contains(part.count) else { return nil }
            var group: UInt16 = 0
            for digit in part {
                guard let value = Hexadecimal.value(digit) else { return nil }
                group = group << 4 | UInt16(value)
            }
            result.append(group)
        }
        return result
    }

    /// RFC 5952: lower case, no leading zeros, the first longest run of two or more zero groups as `::`.
    private static func write(_ groups: [UInt16]) -> String {
        var gap = 0..<0
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start >= 2, end - start > gap.count { gap = start..<end }
            start = max(end, start + 1)
        }
        let words = groups.map { String($0, radix: 16) }
        if gap.isEmpty { return words.joined(separator: ":") }
        return words[..<gap.lowerBound].joined(separator: ":") + "::" + words[gap.upperBound...].joined(separator: ":")
    }
}
