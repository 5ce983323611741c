package import Logging

/// Writes each entry as one JSON object on one line: `time`, `level`, `logger`, `message`, then the metadata by key.
///
/// `time` is RFC 3339 in UTC with milliseconds. A metadata key that is one of the four is written as `metadata.KEY`.
package struct JSONLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let output: LogOutput
    private let now: @Sendable () -> WallTime

    /// - Parameter label: the logger's name.
    package init(
        label: String,
        level: Logger.Level = .info,
        metadataProvider: Logger.MetadataProvider? = nil,
        output: LogOutput = .standardError
    ) {
        self.init(label: label, level: level, metadataProvider: metadataProvider, output: output, now: WallTime.now)
    }

    init(
        label: String,
        level: Logger.Level,
        metadataProvider: Logger.MetadataProvider?,
        output: LogOutput,
        now: @escaping @Sendable () -> WallTime
    ) {
        self.label = label
        logLevel = level
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
        line.reserveCapacity(256)
        line.append(contentsOf: #"{"time":""#.utf8)
        now().writeRFC3339(into: &line)
        line.append(contentsOf: #"","level":""#.utf8)
        line.append(contentsOf: event.level.rawValue.utf8)
        line.append(contentsOf: #"","logger":"#.utf8)
        LogText.writeJSON(label, into: &line)
        line.append(contentsOf: #","message":"#.utf8)
        LogText.writeJSON(event.message.description, into: &line)
        for (key, value) in LogFields(carried: metadata, provider: metadataProvider, event: event).fields {
            line.append(UInt8(ascii: ","))
            LogText.writeJSON(Self.reserved.contains(key) ? "metadata." + key : key, into: &line)
            line.append(UInt8(ascii: ":"))
            switch value {
            case .text(let text): LogText.writeJSON(text, into: &line)
            case .json(let json): line.append(contentsOf: json.utf8)
            }
        }
        line.append(contentsOf: "}\n".utf8)
        output.write(line)
    }

    private static let reserved: Set<String> = ["time", "level", "logger", "message"]
}
