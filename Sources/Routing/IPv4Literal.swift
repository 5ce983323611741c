/// An IPv4 address in the one spelling that every program reads alike: four decimal numbers without leading zeros.
enum IPv4Literal {
    /// Whether `host` ends in a number, and so is an address to some resolvers (WHATWG URL, "ends in a number").
    static func resembles(_ host: [UInt8]) -> Bool {
        guard let last = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: true).last else {
            return false
        }
        if last.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) { return true }
        let digits = last.dropFirst(2)
        return last.starts(with: "0x".utf8) && digits.allSatisfy { Hexadecimal.value($0) != nil }
    }

    /// The four numbers, or nil for every other spelling.
    static func parse(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var numbers: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
            if part.count > 1, part.first == 0x30 { return nil }
            let value = part.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            guard let number = UInt8(exactly: value) else { return nil }
            numbers.append(number)
        }
        return numbers
    }
}
