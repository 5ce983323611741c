import FoundationEssentials
import Logging
import Synchronization
import Testing

@testable import Telemetry

/// Collects what would go to standard error, one element per write.
private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    var output: LogOutput {
        LogOutput { line in self.lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
    }

    var written: [String] { lines.withLock { $0 } }
}

private struct Refusal: Error, CustomStringConvertible {
    var description: String { "no\nway" }
}

@Suite("Log lines")
struct LogHandlerTests {
    private let lines = Lines()
    private static let moment = WallTime(milliseconds: 1_772_366_584_123)

    private func json(_ label: String = "lane-0", provider: Logger.MetadataProvider? = nil) -> Logger {
        Logger(label: label) { label in
            JSONLogHandler(label: label, level: .info, metadataProvider: provider, output: lines.output) {
                Self.moment
            }
        }
    }

    private func text(isColoured: Bool = false) -> Logger {
        Logger(label: "lane-0") { label in
            TextLogHandler(
                label: label,
                level: .info,
                isColoured: isColoured,
                metadataProvider: nil,
                output: lines.output
            ) { (Self.moment, 3600) }
        }
    }

    @Test("in JSON are exactly like this")
    func goldenJSON() {
        var log = json(provider: .init { ["b": "provided", "c": "provided"] })
        log[metadataKey: "a"] = "carried"
        log[metadataKey: "b"] = "carried"
        log.warning(
            "rejected \"it\"",
            metadata: [
                "c": "explicit", LogKey.status: .stringConvertible(404), LogKey.test: .stringConvertible(true),
                "ratio": .stringConvertible(0.5), "nan": .stringConvertible(Double.nan),
                "outer": ["inner": "x", "deep": ["er": "y"]], "list": ["1", "a\"b"], "level": "mine",
            ]
        )
        let line =
            #"{"time":"2026-03-01T12:03:04.123Z","level":"warning","logger":"lane-0","message":"rejected \"it\"","#
            + #""a":"carried","b":"provided","c":"explicit","metadata.level":"mine","list":["1","a\"b"],"nan":"nan","#
            + #""outer.deep.er":"y","outer.inner":"x","ratio":0.5,"status":404,"test":true}"# + "\n"
        #expect(lines.written == [line])
    }

    @Test("in text are exactly like this")
    func goldenText() {
        var log = text()
        log[metadataKey: LogKey.eventID] = "e 1"
        log.error(
            "broker lost",
            metadata: ["status": .stringConvertible(0), "empty": "", "plain": "a/b?c", "eq": "a=b"]
        )
        #expect(
            lines.written == [
                #"13:03:04.123 error lane-0 broker lost empty="" eq="a=b" event_id="e 1" plain=a/b?c status=0"# + "\n"
            ]
        )
    }

    @Test("in text are coloured by their level")
    func colours() {
        text(isColoured: true).critical("x", metadata: ["k": "v"])
        #expect(
            lines.written == [
                "\u{1B}[2m13:03:04.123\u{1B}[0m \u{1B}[1;31mcritical\u{1B}[0m lane-0 x \u{1B}[2mk=\u{1B}[0mv\n"
            ]
        )
    }

    @Test(
        "are coloured only on a terminal without NO_COLOR",
        arguments: [(nil, true, true), ("", true, true), ("1", true, false), (nil, false, false)]
            as [(String?, Bool, Bool)]
    )
    func noColor(noColor: String?, isTerminal: Bool, isColoured: Bool) {
        #expect(LogSystem.isColoured(noColor: noColor, isTerminal: isTerminal) == isColoured)
    }

    @Test("carry the error that was logged")
    func error() {
        json().error("failed", error: Refusal())
        #expect(lines.written.count == 1)
        #expect(lines.written.first?.contains(#""error":"no\nway","error_type":"#) == true)
    }

    @Test("below the level are not written")
    func level() {
        json().debug("quiet")
        text().debug("quiet")
        #expect(lines.written.isEmpty)
    }

    /// Every scalar that could end a line, steer a terminal, or break JSON.
    static let dangerous: [String] =
        (0...0x1F).map { String(UnicodeScalar(UInt8($0))) } + ["\u{7F}", "\u{85}", "\u{9B}", "\u{2028}", "\u{2029}"]
        + ["\u{202E}", "\u{2066}", "\"", "\\", "\r\n", "🦊é\u{301}"]

    @Test("stay one line of valid JSON whatever they are given", arguments: dangerous)
    func anyJSON(piece: String) throws {
        let hostile = "a\(piece)b"
        json(hostile).warning("\(hostile)", metadata: [hostile: "\(hostile)", "list": ["\(hostile)"]])
        let line = try #require(lines.written.first)
        #expect(lines.written.count == 1)
        let controls = line.dropLast().unicodeScalars.filter { $0.properties.generalCategory == .control }
        #expect(line.last == "\n" && controls.isEmpty)
        let object = try JSONDecoder().decode([String: Value].self, from: Data(line.utf8))
        #expect(object["message"] == .text(hostile))
        #expect(object["logger"] == .text(hostile))
        #expect(object[hostile] == .text(hostile))
        #expect(object["list"] == .list([hostile]))
    }

    @Test("stay one line of text whatever they are given", arguments: dangerous)
    func anyText(piece: String) throws {
        let hostile = "a\(piece)b"
        text().warning("\(hostile)", metadata: [hostile: "\(hostile)"])
        let line = try #require(lines.written.first)
        let controls = line.dropLast().unicodeScalars.filter {
            [.control, .lineSeparator, .paragraphSeparator, .format].contains($0.properties.generalCategory)
        }
        #expect(lines.written.count == 1)
        #expect(line.last == "\n" && controls.isEmpty)
    }

    enum Value: Decodable, Equatable {
        case text(String)
        case list([String])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else {
                self = .list(try container.decode([String].self))
            }
        }
    }
}
