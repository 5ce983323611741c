import Foundation
import TestSupport

/// The lines of a file of `Corpus`: columns divided by blanks, `#` begins a comment line.
enum Corpus {
    /// Of `columns` columns, the last with all that is left of its line.
    static func lines(of name: String, columns: Int) throws -> [[String]] {
        let path = "\(BuiltProduct.repository)/Tests/IntegrationTests/Corpus/\(name)"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { line in
                let parts = line.split(separator: " ", maxSplits: columns - 1).map(String.init)
                let last = parts.count == columns ? parts[columns - 1].drop { $0 == " " } : ""
                return parts.prefix(columns - 1) + [String(last)]
            }
    }

    /// `PORT` is the port, `<0D>` the byte of that number.
    static func url(_ text: String, port: UInt16) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text.replacingOccurrences(of: "PORT", with: "\(port)")[...]
        while let character = rest.first {
            if character == "<", let byte = UInt8(rest.dropFirst().prefix(2), radix: 16) {
                bytes.append(byte)
                rest = rest.dropFirst(4)
            } else {
                bytes += Array(String(character).utf8)
                rest = rest.dropFirst()
            }
        }
        return bytes
    }
}
