/// Hides the values of secret members of a JSON body, or of the template of one, before it is shown.
package enum JSONBodyMask {
    /// The text with `"***"` for every string, number or word that stands behind a secret name, at any depth. What is
    /// not JSON stays as it is.
    package static func text(_ text: String, isSecret: (String) -> Bool) -> String {
        let bytes = Array(text.utf8)
        var shown: [UInt8] = []
        var position = 0
        while position < bytes.count {
            guard bytes[position] == quote else {
                shown.append(bytes[position])
                position += 1
                continue
            }
            let end = stringEnd(bytes, position)
            shown.append(contentsOf: bytes[position..<end])
            let name = String(decoding: bytes[position..<end].dropFirst().dropLast(), as: UTF8.self)
            position = end
            let colon = skipBlanks(bytes, end)
            guard colon < bytes.count, bytes[colon] == UInt8(ascii: ":"), isSecret(name) else { continue }
            let value = skipBlanks(bytes, colon + 1)
            shown.append(contentsOf: bytes[end..<value])
            position = valueEnd(bytes, value)
            if position > value { shown.append(contentsOf: "\"***\"".utf8) }
        }
        return String(decoding: shown, as: UTF8.self)
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
