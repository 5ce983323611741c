import Logging

/// The metadata of one log entry, merged and made flat: what the logger carries, then its provider, then the entry.
struct LogFields {
    enum Value {
        case text(String)
        /// Already written as JSON: a number, a boolean or an array of strings.
        case json(String)
    }

    /// Sorted by key.
    private(set) var fields: [(key: String, value: Value)] = []

    init(carried: Logger.Metadata, provider: Logger.MetadataProvider?, event: LogEvent) {
        var merged = carried
        if let provided = provider?.get() { merged.merge(provided) { $1 } }
        if let explicit = event.metadata { merged.merge(explicit) { $1 } }
        if let error = event.error {
            merged[LogKey.error] = merged[LogKey.error] ?? "\(error)"
            merged[LogKey.errorType] = "\(String(reflecting: type(of: error)))"
        }
        for (key, value) in merged { add(key, value) }
        fields.sort { $0.key < $1.key }
    }

    /// Dictionaries become keys with a dot; arrays become arrays of strings.
    private mutating func add(_ key: String, _ value: Logger.MetadataValue) {
        switch value {
        case .string(let text): fields.append((key, .text(text)))
        case .stringConvertible(let value): fields.append((key, Self.plain(value)))
        case .dictionary(let inner): for (name, value) in inner { add("\(key).\(name)", value) }
        case .array(let values):
            var bytes: [UInt8] = [UInt8(ascii: "[")]
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                LogText.writeJSON("\(value)", into: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
            fields.append((key, .json(String(decoding: bytes, as: UTF8.self))))
        }
    }

    /// Integers and booleans stay what they are; everything else is text.
    private static func plain(_ value: any CustomStringConvertible & Sendable) -> Value {
        if value is any BinaryInteger || value is Bool { return .json(value.description) }
        if let number = value as? Double, number.isFinite { return .json(number.description) }
        return .text(value.description)
    }
}
