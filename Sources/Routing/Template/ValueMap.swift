/// The argument of the filter `map`: `approved=1,rejected=2,*=0`.
///
/// A value that is not named stays as it is, unless `*` names all others. A comma, an equals sign or a backslash in a
/// name or value has a backslash in front; blanks around them do not count.
struct ValueMap: Sendable, Hashable {
    private var values: [[UInt8]: [UInt8]] = [:]
    private var others: [UInt8]?

    /// What is wrong with the text, in words.
    struct Fault: Error {
        var message: String
    }

    init(_ text: [UInt8]) throws(Fault) {
        for pair in Self.split(text, at: UInt8(ascii: ",")) {
            let written = String(decoding: Self.trimmed(pair), as: UTF8.self)
            let sides = Self.split(pair, at: UInt8(ascii: "="))
            guard sides.count == 2 else {
                if written.isEmpty { throw Fault(message: "a pair is missing at a comma") }
                throw Fault(message: "\"\(written)\" is not of the form NAME=VALUE")
            }
            let (name, value) = (Self.unescaped(Self.trimmed(sides[0])), Self.unescaped(Self.trimmed(sides[1])))
            if name.isEmpty { throw Fault(message: "\"\(written)\" has no name before its =") }
            if Self.trimmed(sides[0]).elementsEqual("*".utf8) {
                if others != nil { throw Fault(message: "* stands there twice") }
                others = value
            } else if values.updateValue(value, forKey: name) != nil {
                throw Fault(message: "\"\(String(decoding: name, as: UTF8.self))\" stands there twice")
            }
        }
    }

    subscript(value: [UInt8]) -> [UInt8] { values[value] ?? others ?? value }

    /// Cuts at a byte that has no backslash in front.
    private static func split(_ text: some Collection<UInt8>, at separator: UInt8) -> [[UInt8]] {
        var parts: [[UInt8]] = [[]]
        var isEscaped = false
        for byte in text {
            if byte == separator, !isEscaped {
                parts.append([])
            } else {
                parts[parts.count - 1].append(byte)
            }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        }
        return parts
    }

    private static func trimmed(_ text: [UInt8]) -> ArraySlice<UInt8> {
        var text = text[...]
        while text.first == 0x20 { text.removeFirst() }
        while text.last == 0x20 { text.removeLast() }
        return text
    }

    private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var isEscaped = false
        for byte in text {
            if byte == UInt8(ascii: "\\"), !isEscaped {
                isEscaped = true
            } else {
                result.append(byte)
                isEscaped = false
            }
        }
        return result
    }
}
