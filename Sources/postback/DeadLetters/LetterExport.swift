import Foundation
import Letters

/// A letter as a line of NDJSON.
struct LetterExport {
    /// Headers and body, in place of the event alone.
    let withHeaders: Bool

    /// Nil for a letter that is no event on a line, which `publish` could not read back.
    func line(_ letter: Letter) -> [UInt8]? {
        if withHeaders { return Self.whole(letter) }
        return letter.isEvent ? ExportLine.make(letter.body) : nil
    }

    /// `{"headers":{...},"body":{...}}`, with `body_base64` in place of `body` where it is no event.
    private static func whole(_ letter: Letter) -> [UInt8] {
        var headers: [String: Value] = [:]
        for (name, value) in letter.headers { headers[name] = Value(value: value) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var line = Array("{\"headers\":".utf8)
        line += (try? encoder.encode(headers)) ?? Data("{}".utf8)
        if letter.isEvent, let body = ExportLine.make(letter.body) {
            line += Array(",\"body\":".utf8) + body
        } else {
            line += Array(",\"body_base64\":\"\(Data(letter.body).base64EncodedString())\"".utf8)
        }
        return line + [UInt8(ascii: "}")]
    }

    private struct Value: Encodable {
        let value: LetterValue

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch value {
            case .text(let text): try container.encode(text)
            case .number(let number): try container.encode(number)
            case .flag(let flag): try container.encode(flag)
            case .other: try container.encodeNil()
            }
        }
    }
}

/// Where exported lines go: a new file, or standard output.
final class LetterFile {
    private let descriptor: Int32
    private let path: String
    private var buffer: [UInt8] = []

    /// - Parameter path: of a file that does not exist yet; `-` is standard output.
    init(_ path: String) throws(CommandFailure) {
        self.path = path
        if path == "-" {
            descriptor = STDOUT_FILENO
            return
        }
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        if descriptor < 0 {
            let reason =
                errno == EEXIST ? "exists already, and is not written over" : String(cString: strerror(errno))
            throw CommandFailure(CommandFailure.usage, "\(path): \(reason)")
        }
    }

    deinit {
        if descriptor != STDOUT_FILENO { close(descriptor) }
    }

    func add(_ line: [UInt8]) throws(CommandFailure) {
        buffer.append(contentsOf: line)
        buffer.append(0x0A)
        if buffer.count >= 1 << 20 { try flush() }
    }

    private func flush() throws(CommandFailure) {
        var rest = buffer[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count <= 0 {
                throw CommandFailure(
                    CommandFailure.failed,
                    "\(path) cannot be written: \(String(cString: strerror(errno)))"
                )
            }
            rest = rest.dropFirst(count)
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Returns when a power cut would not lose what was added; for standard output, when it is written.
    func sync() throws(CommandFailure) {
        try flush()
        if path == "-" { return }
        if fsync(descriptor) != 0 {
            throw CommandFailure(CommandFailure.failed, "\(path) cannot be synced: \(String(cString: strerror(errno)))")
        }
        // The file's name is in its folder.
        let folder = open(path.contains("/") ? (path as NSString).deletingLastPathComponent : ".", O_RDONLY)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
    }
}
