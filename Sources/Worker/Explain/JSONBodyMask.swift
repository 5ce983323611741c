/// Hides the values of secret members of a JSON body, or of the template of one, before it is shown.
package enum JSONBodyMask {
    /// The text with `"***"` for every string, number or word that stands behind a secret name, at any depth. What is
    /// not JSON stays as it is.
    package static func text(_ text: String, isSecret: (String) -> Bool) -> String {
        let bytes = Array(text.utf8)
        var shown: [UInt8] = []
        var done = 0
        for value in secretRanges(bytes, isSecret) {
            shown.append(contentsOf: bytes[done..<value.lowerBound])
            shown.append(contentsOf: "\"***\"".utf8)
            done = value.upperBound
        }
        return String(decoding: shown + bytes[done...], as: UTF8.self)
    }

    /// The values that would be hidden, without quotation marks and with the commonest escapes resolved.
    static func values(_ body: [UInt8], isSecret: (String) -> Bool) -> [[UInt8]] {
        secretRanges(body, isSecret).map { range in
            let isText = body[range].first == quote
            var value: [UInt8] = []
            var isEscaped = false
            for byte in isText ? body[range].dropFirst().dropLast() : body[range] {
                isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
                if !isEscaped { value.append(byte) }
            }
            return value
        }
    }

    /// Where the values behind secret names stand, in the order of the text.
    private static func secretRanges(_ bytes: [UInt8], _ isSecret: (String) -> Bool) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var position = 0
        while position < bytes.count {
            guard bytes[position] == quote else {
                position += 1
                continue
            }
            let end = stringEnd(bytes, position)
            let name = String(decoding: bytes[position..<end].dropFirst().dropLast(), as: UTF8.self)
            position = end
            let colon = skipBlanks(bytes, end)
            guard colon < bytes.count, bytes[colon] == UInt8(ascii: ":"), isSecret(name) else { continue }
            let value = skipBlanks(bytes, colon + 1)
            position = valueEnd(bytes, value)
            if position > value { ranges.append(value..<position) }
        }
        return ranges
    }

    private static let quote = UInt8(ascii: "\"")

    /// Behind the closing quotation mark. A token of a template is passed over whole: it may hold quotation marks.
    private static func stringEnd(_ bytes: [UInt8], _ start: Int) -> Int {
        var position = start + 1
        while position < bytes.count {
            switch bytes[position] {
            case quote: return position + 1
            case UInt8(ascii: "\\"): position += 2
            default: position = tokenEnd(bytes, position) ?? position + 1
            }
        }
        return bytes.count
    }

    private static func tokenEnd(_ bytes: [UInt8], _ start: Int) -> Int? {
        guard bytes[start...].starts(with: "{{".utf8) else { return nil }
        var position = start + 2
        while position + 1 < bytes.count, bytes[position] != 0x0A {
            if bytes[position] == UInt8(ascii: "}"), bytes[position + 1] == UInt8(ascii: "}") { return position + 2 }
            position += 1
        }
        return nil
    }

    /// Behind a string, number, word or token; `start` itself for an object or an array, whose members are looked at.
    private static func valueEnd(_ bytes: [UInt8], _ start: Int) -> Int {
        guard start < bytes.count else { return start }
        if bytes[start] == quote { return stringEnd(bytes, start) }
        if let end = tokenEnd(bytes, start) { return end }
        var position = start
        while position < bytes.count, !" \t\r\n,]}[{".utf8.contains(bytes[position]) { position += 1 }
        return position
    }

    private static func skipBlanks(_ bytes: [UInt8], _ start: Int) -> Int {
        var position = start
        while position < bytes.count, " \t\r\n".utf8.contains(bytes[position]) { position += 1 }
        return position
    }
}
