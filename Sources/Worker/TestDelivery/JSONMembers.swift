/// The members of a JSON object with their values as they are written, so that one can be replaced and the others stay
/// byte for byte.
struct JSONMembers {
    /// The name between its quotation marks, escapes and all.
    private var members: [(name: String, value: String)] = []

    init() {}

    /// - Parameter text: an object in valid JSON.
    init(_ text: String) {
        let bytes = Array(text.utf8)
        var depth = 0
        var start = 0
        var name: String?
        var position = 0
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let end = Self.stringEnd(bytes, position)
                if depth == 1, name == nil {
                    name = String(decoding: bytes[position..<end].dropFirst().dropLast(), as: UTF8.self)
                }
                position = end
                continue
            case UInt8(ascii: ":") where depth == 1: start = position + 1
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ",") where depth == 1:
                if let known = name { members.append((known, Self.trimmed(bytes[start..<position]))) }
                name = nil
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 1, let known = name { members.append((known, Self.trimmed(bytes[start..<position]))) }
                depth -= 1
            default: break
            }
            position += 1
        }
    }

    /// A value as it is written; setting one replaces the member, or adds it at the end.
    subscript(name: String) -> String? {
        get { members.first { $0.name == name }?.value }
        set {
            if let index = members.firstIndex(where: { $0.name == name }) {
                if let newValue { members[index].value = newValue } else { members.remove(at: index) }
            } else if let newValue {
                members.append((name, newValue))
            }
        }
    }

    var text: String {
        "{" + members.map { "\"\($0.name)\":\($0.value)" }.joined(separator: ",") + "}"
    }

    /// A JSON string.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func stringEnd(_ bytes: [UInt8], _ start: Int) -> Int {
        var position = start + 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(position + 1, bytes.count)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let isBlank: (UInt8) -> Bool = { " \t\r\n".utf8.contains($0) }
        var bytes = bytes.drop(while: isBlank)
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
