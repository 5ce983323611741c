import Documents

/// A mapping of the configuration while it is read, such as `retry`.
final class SettingsSection {
    let reader: SettingsReader
    /// For example `broker.tls`; empty for the whole document.
    let path: String
    /// Where it stands in the file; nil when it is not there.
    private let position: SourcePosition?
    private let entries: [SourceNode.Entry]
    private var known: [String] = []

    init(reader: SettingsReader, path: String, node: SourceNode?) {
        self.reader = reader
        self.path = path
        position = node?.position
        entries = node?.entries ?? []
    }

    /// A mapping within this one.
    func section(_ key: String) -> SettingsSection {
        known.append(key)
        return reader.section(path: path(of: key), node: node(key))
    }

    /// Puts the value of `key` into `target`, which keeps its default when there is none or it is refused.
    func read<Value>(_ key: String, _ kind: SettingKind<Value>, into target: inout Value) {
        known.append(key)
        let setting = SettingKey(path: path(of: key), allowed: kind.allowed)
        reader.add(setting)
        guard let value = value(of: setting, key: key, spelling: kind.spelling) else { return }
        if let converted = kind.convert(value) { target = converted }
    }

    /// `path` as the program can open it: one that is written in the configuration file starts at that file's folder.
    func resolved(_ path: String) -> String {
        guard let folder = reader.folder, !path.isEmpty, !path.hasPrefix("/") else { return path }
        return folder + path
    }

    /// Adds a fault that is about several keys of this section.
    func refuse(_ message: String) {
        if let position {
            reader.add(Fault(file: reader.file, position: position, path: path, message))
        } else {
            let variables = SettingKey(path: path, allowed: "").variable
            reader.add(Fault(file: SettingsReader.environmentName, path: "\(variables)_*", message))
        }
    }

    func refuseUnknownKeys(among settings: [SettingKey]) {
        for entry in entries where !known.contains(entry.key) {
            let place = path.isEmpty ? "" : " of \"\(path)\""
            reader.add(
                Fault(
                    file: reader.file,
                    position: entry.keyPosition,
                    path: path(of: entry.key),
                    "is not a key\(place); the keys are \(known.joined(separator: ", "))",
                    hint: hint(for: entry.key, among: settings)
                )
            )
        }
    }

    private func hint(for key: String, among settings: [SettingKey]) -> String? {
        if let near = Suggestion.closest(to: key, among: known) { return "did you mean \"\(near)\"?" }
        if settings.contains(where: { $0.path == key }) {
            let parts = key.split(separator: ".")
            return "write \(parts.joined(separator: ": { ")): ..." + String(repeating: " }", count: parts.count - 1)
        }
        let elsewhere = settings.map(\.path).filter { $0.split(separator: ".").last.map(String.init) == key }
        if elsewhere.isEmpty { return nil }
        return "there is \"\(elsewhere.joined(separator: "\" and \""))\""
    }

    private func value<Value>(
        of setting: SettingKey,
        key: String,
        spelling: SettingKind<Value>.Spelling
    ) -> SettingValue? {
        if let text = reader.environment[setting.variable] {
            guard let node = node(spelling: text, as: spelling, variable: setting.variable) else { return nil }
            let source = SettingValue.Source.environment(setting.variable)
            return SettingValue(node: node, source: source, path: setting.variable, reader: reader)
        }
        guard let node = node(key) else { return nil }
        let value = SettingValue(node: node, source: .file(reader.file), path: setting.path, reader: reader)
        if case .null = node.content, spelling != .json {
            value.refuse("has no value", hint: "write one, or delete the line to have the default")
            return nil
        }
        return value
    }

    private func node<Value>(
        spelling text: String,
        as spelling: SettingKind<Value>.Spelling,
        variable: String
    ) -> SourceNode? {
        let start = SourcePosition(line: 1, column: 1)
        switch spelling {
        case .plain:
            return SourceNode(.scalar(text, quoted: false), at: start)
        case .commaSeparated:
            let items = text.split(separator: ",", omittingEmptySubsequences: false).map { Self.trimmed($0) }
            if items == [""] { return SourceNode(.sequence([]), at: start) }
            return SourceNode(.sequence(items.map { SourceNode(.scalar($0, quoted: false), at: start) }), at: start)
        case .json:
            do {
                return try YAMLDocument.parse(text, file: SettingsReader.environmentName)
            } catch {
                for fault in error.faults {
                    let place = fault.position.map { " (line \($0.line), column \($0.column))" } ?? ""
                    let message = "is not JSON: \(fault.message)\(place)"
                    reader.add(Fault(file: fault.file, path: variable, message, hint: fault.hint))
                }
                return nil
            }
        }
    }

    private func node(_ key: String) -> SourceNode? {
        entries.first { $0.key == key }?.value
    }

    private func path(of key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }

    private static func trimmed(_ text: Substring) -> String {
        let front = text.drop { $0.isWhitespace }
        return String(front.reversed().drop { $0.isWhitespace }.reversed())
    }
}
