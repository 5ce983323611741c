import Foundation

/// Following a JSON Pointer through what Foundation has read.
extension OtherOpinion {
    /// The value that the names lead to; nil when there is none.
    static func walk(_ tokens: [[UInt8]], _ root: Any) -> Any? {
        var value: Any? = root
        for token in tokens {
            let name = String(decoding: token, as: UTF8.self)
            switch value {
            case let object as [String: Any]:
                // Two texts are equal to Swift that differ in their bytes.
                value = object.first { $0.key.utf8.elementsEqual(token) }?.value
            case let list as [Any]:
                value = Int(name).flatMap { String($0) == name && list.indices.contains($0) ? list[$0] : nil }
            default: return nil
            }
        }
        return value
    }

    /// Whether a scalar, in our text of it, is this value.
    static func `is`(_ value: Any, _ text: [UInt8]) -> Bool {
        let written = String(decoding: text, as: UTF8.self)
        if let other = value as? String { return other.utf8.elementsEqual(text) }
        if value is NSNull { return written == "null" }
        guard let number = value as? NSNumber else { return false }
        switch written {
        case "true": return number.boolValue && number.doubleValue == 1
        case "false": return !number.boolValue && number.doubleValue == 0
        default: return Double(written).map { abs($0 - number.doubleValue) <= abs($0) * 1e-12 } ?? false
        }
    }

    /// How many members all objects of a value have.
    static func members(of value: Any) -> Int {
        switch value {
        case let object as [String: Any]: object.values.reduce(object.count) { $0 + members(of: $1) }
        case let list as [Any]: list.reduce(0) { $0 + members(of: $1) }
        default: 0
        }
    }

    /// How many the text writes: colons outside of its strings. For text that is JSON.
    static func members(in text: [UInt8]) -> Int {
        var (count, isInString, isEscaped) = (0, false, false)
        for byte in text {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\"), isInString {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString.toggle()
            } else if byte == UInt8(ascii: ":"), !isInString {
                count += 1
            }
        }
        return count
    }
}
