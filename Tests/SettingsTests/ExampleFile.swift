import Foundation
import Testing

/// A configuration under schemas/examples/config.
struct ExampleFile: CustomTestStringConvertible {
    let path: String

    var testDescription: String { path.split(separator: "/").suffix(2).joined(separator: "/") }

    var text: String {
        get throws { try String(contentsOfFile: path, encoding: .utf8) }
    }

    static let valid = files(in: "valid")
    static let invalid = files(in: "invalid")

    private static func files(in folder: String) -> [ExampleFile] {
        let folder = "\(Repository.examples)/\(folder)"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().map { ExampleFile(path: "\(folder)/\($0)") }
    }
}
