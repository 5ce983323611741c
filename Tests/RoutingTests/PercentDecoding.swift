/// An independent reading of what was rendered: nothing of the encoder is used here.
enum PercentDecoding {
    static func decode(_ text: some Sequence<UInt8>, plusIsBlank: Bool = false) -> [UInt8]? {
        var result: [UInt8] = []
        var iterator = text.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = iterator.next(), let low = iterator.next(),
                    let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
                else { return nil }
                result.append(value)
            case UInt8(ascii: "+") where plusIsBlank: result.append(0x20)
            default: result.append(byte)
            }
        }
        return result
    }

    /// The parameters of a query or form, decoded.
    static func parameters(_ text: String, plusIsBlank: Bool = false) -> [(name: [UInt8], value: [UInt8])]? {
        var result: [(name: [UInt8], value: [UInt8])] = []
        for pair in text.utf8.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = decode(parts[0], plusIsBlank: plusIsBlank),
                let value = decode(parts[1], plusIsBlank: plusIsBlank)
            else { return nil }
            result.append((name, value))
        }
        return result
    }
}
