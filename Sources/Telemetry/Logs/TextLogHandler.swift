package import Logging

/// Writes each entry as a line for people: `12:03:04.123 warning lane-0 message key=value`, in local time.
package struct TextLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let isColoured: Bool
    private let output: LogOutput
    private let now: @Sendable () -> (time: WallTime, offset: Int)

    /// - Parameters:
    ///   - label: the logger's name.
    ///   - isColoured: whether the level and the keys are coloured with ANSI sequences.
    package init(
        label: String,
        level: Logger.Level = .info,
        isColoured: Bool = false,
        metadataProvider: Logger.MetadataProvider? = nil,
        output: LogOutput = .standardError
    ) {
        self.init(
            label: label,
            level: level,
            isColoured: isColoured,
            metadataProvider: metadataProvider,
            output: output
        ) {
            let time = WallTime.now()
            return (time, time.localOffset)
        }
    }

    init(
        label: String,
        level: Logger.Level,
        isColoured: Bool,
        metadataProvider: Logger.MetadataProvider?,
        output: LogOutput,
        now: @escaping @Sendable () -> (time: WallTime, offset: Int)
    ) {
        self.label = label
        logLevel = level
        self.isColoured = isColoured
        self.metadataProvider = metadataProvider
        self.output = output
        self.now = now
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var line: [UInt8] = []
        line.reserveCapacity(160)
        let (time, offset) = now()
        paint(Self.dim, &line) { time.writeClock(offset: offset, into: &$0) }
        line.append(UInt8(ascii: " "))
        paint(Self.colour(event.level), &line) { $0.append(contentsOf: event.level.rawValue.utf8) }
        line.append(UInt8(ascii: " "))
        if !label.isEmpty {
            LogText.writePlain(label, quoteWords: false, into: &line)
            line.append(UInt8(ascii: " "))
        }
        LogText.writePlain(event.message.description, quoteWords: false, into: &line)
        for (key, value) in LogFields(carried: metadata, provider: metadataProvider, event: event).fields {
            line.append(UInt8(ascii: " "))
            paint(Self.dim, &line) {
                LogText.writePlain(key, quoteWords: true, into: &$0)
                $0.append(UInt8(ascii: "="))
            }
            switch value {
            case .text(let text): LogText.writePlain(text, quoteWords: true, into: &line)
            case .json(let json): line.append(contentsOf: json.utf8)
            }
        }
        line.append(UInt8(ascii: "\n"))
        output.write(line)
    }

    private static let dim = "2"

    /// The parameters of an SGR sequence (ECMA-48).
    private static func colour(_ level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: dim
        case .info: "32"
        case .notice: "36"
        case .warning: "33"
        case .error: "31"
        case .critical: "1;31"
        }
    }

    private func paint(_ colour: String, _ line: inout [UInt8], _ body: (inout [UInt8]) -> Void) {
        guard isColoured else { return body(&line) }
        line.append(contentsOf: "\u{1B}[\(colour)m".utf8)
        body(&line)
        line.append(contentsOf: "\u{1B}[0m".utf8)
    }
}
