/// The last attempts of a delivery as a JSON array, for the header `x-postback-history`.
///
/// Every entry is a flat object, and braces inside strings are escaped, so that the oldest can be cut off without
/// parsing what an earlier worker wrote.
package struct AttemptHistory: Sendable, Equatable {
    package private(set) var json: String
    /// Entries kept, and bytes the header may have: it must fit a frame beside everything else.
    private static let entryLimit = 10
    private static let byteLimit = 8192

    /// - Parameter carried: the header as it came; anything that is not ours begins a new history.
    package init(carried: String? = nil) {
        guard let carried, carried.utf8.count <= Self.byteLimit, HistoryGrammar.accepts(carried) else {
            json = "[]"
            return
        }
        json = carried
    }

    /// - Parameters:
    ///   - at: milliseconds since the Unix epoch.
    ///   - took: milliseconds.
    package mutating func append(attempt: Int, at: Int64, took: Int64, status: Int?, error: String?, sends: Int) {
        var entry = "{\"attempt\":\(attempt),\"at\":\"\(Timestamp.text(at))\",\"ms\":\(took)"
        if let status { entry += ",\"status\":\(status)" }
        if let error { entry += ",\"error\":\"\(Self.escaped(error))\"" }
        if sends != 1 { entry += ",\"sends\":\(sends)" }
        entry += "}"
        var entries = Self.split(json)
        entries.append(entry[...])
        while entries.count > Self.entryLimit || (entries.count > 1 && Self.size(entries) > Self.byteLimit) {
            entries.removeFirst()
        }
        json = "[" + entries.joined(separator: ",") + "]"
    }

    private static func size(_ entries: [Substring]) -> Int { entries.reduce(1) { $0 + $1.utf8.count + 1 } }

    private static func split(_ json: String) -> [Substring] {
        json.dropFirst().dropLast().split(separator: "}").map { piece in
            let start = piece.firstIndex(of: "{") ?? piece.startIndex
            return "\(piece[start...])}"[...]
        }
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars.prefix(300) {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "{": result += "\\u007b"
            case "}": result += "\\u007d"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
