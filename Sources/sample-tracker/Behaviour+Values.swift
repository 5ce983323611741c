/// How the values of the words are written.
extension Behaviour {
    static func set<Value>(_ field: inout Value, _ value: Value?) -> Bool {
        guard let value else { return false }
        field = value
        return true
    }

    /// The path's `fail-first` is the query's `fail_first`.
    static func word(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.lazy.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
    }

    static func takeSegment(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard rest.first == UInt8(ascii: "/") else { return nil }
        rest.removeFirst()
        let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        defer { rest = rest[end...] }
        return rest[..<end]
    }

    static func isOn(_ value: ArraySlice<UInt8>) -> Bool {
        value.elementsEqual("1".utf8) || value.elementsEqual("true".utf8)
    }

    static func number(_ value: some Collection<UInt8>, in range: ClosedRange<Int>) -> Int? {
        guard value.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int(String(decoding: value, as: UTF8.self)),
            range.contains(number)
        else { return nil }
        return number
    }

    /// `1500ms`, `2s` or `1m`, an hour at most.
    static func milliseconds(_ value: ArraySlice<UInt8>) -> Int? {
        for (unit, factor) in [("ms", 1), ("s", 1000), ("m", 60_000)]
        where value.suffix(unit.utf8.count).elementsEqual(unit.utf8) {
            if let number = number(value.dropLast(unit.utf8.count), in: 0...3_600_000 / factor) {
                return number * factor
            }
        }
        return nil
    }

    static func retryAfter(_ encoded: ArraySlice<UInt8>) -> RetryAfter? {
        let value = PercentDecoding.decode(encoded)
        let range = 0...1_000_000_000
        if value.starts(with: "date:".utf8) { return number(value.dropFirst(5), in: range).map(RetryAfter.date) }
        return number(value, in: range).map(RetryAfter.seconds)
    }

    /// A decoded header value; none with a control character in it, so that no request can split our answer.
    static func headerValue(_ value: ArraySlice<UInt8>) -> [UInt8]? {
        let decoded = PercentDecoding.decode(value)
        return decoded.allSatisfy { $0 >= 0x20 && $0 != 0x7f } ? decoded : nil
    }
}
