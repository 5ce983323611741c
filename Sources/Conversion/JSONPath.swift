/// Finds the path that leads to a byte of a JSON text, for fault messages: the decoder keeps no path while it scans, so
/// this reads the text again up to the fault.
struct JSONPath {
    private enum Step {
        case key([UInt8])
        case index(Int)
    }

    private var scanner = JSONScanner()
    private var steps: [Step] = []
    private let offset: Int
    private let includesKey: Bool

    /// The path of the value at `offset`, or of the object or array around it. With `includesKey`, the path of the member
    /// whose key is at `offset`. Written as RFC 9535 does: `$.payout.amount`, `$.list[2]`, `$['odd key']`.
    static func find(_ offset: Int, in text: Span<UInt8>, includingKey: Bool = false) -> String {
        var path = JSONPath(offset: offset, includesKey: includingKey)
        path.scanner.storage.append(contentsOf: repeatElement(0, count: text.count))
        path.scanner.skipWhitespace(text)
        // A fault of the grammar ends the walk where the decoder met it: the steps taken are the answer.
        _ = try? path.walk(text)
        return path.text(text)
    }

    private init(offset: Int, includesKey: Bool) {
        self.offset = offset
        self.includesKey = includesKey
    }

    /// Walks over a value; true when the offset was reached.
    private mutating func walk(_ text: Span<UInt8>) throws(ScanFault) -> Bool {
        if scanner.position >= offset { return true }
        switch scanner.next(text) {
        case UInt8(ascii: "{"):
            var more = try scanner.enterObject(text)
            while more {
                let isHere = scanner.position >= offset
                if isHere, !includesKey { return true }
                let key = try scanner.scanKey(text)
                steps.append(.key(bytes(key, text)))
                if isHere { return true }
                if try walk(text) { return true }
                steps.removeLast()
                more = try scanner.nextMember(text)
            }
        case UInt8(ascii: "["):
            var more = try scanner.enterArray(text)
            var index = 0
            while more {
                steps.append(.index(index))
                if try walk(text) { return true }
                steps.removeLast()
                index += 1
                more = try scanner.nextElement(text)
            }
        default: try scanner.skipValue(text)
        }
        return scanner.position > offset
    }

    private func bytes(_ range: ByteRange, _ text: Span<UInt8>) -> [UInt8] {
        if Int(range.start) >= text.count { return Array(scanner.storage[range.indices]) }
        return range.indices.map { text[$0] }
    }

    private func text(_ text: Span<UInt8>) -> String {
        var path = "$"
        for step in steps {
            switch step {
            case .index(let index): path += "[\(index)]"
            case .key(let key): path += Self.member(key)
            }
        }
        return path
    }

    /// `.name`, or `['odd name']` cut after 64 bytes.
    static func member(_ key: [UInt8]) -> String {
        let isName = key.enumerated().allSatisfy { index, byte in
            let isDigit = byte &- UInt8(ascii: "0") < 10
            return (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_") || isDigit && index > 0
        }
        if isName, !key.isEmpty, key.count <= 64 { return "." + String(decoding: key, as: UTF8.self) }
        return "['" + Excerpt.text(key, limit: 64, quote: "'") + "']"
    }
}
