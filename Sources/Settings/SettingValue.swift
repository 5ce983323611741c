import Documents

/// One value out of the file or the environment, on its way to a setting: it can be refused with its place.
struct SettingValue {
    enum Source {
        case file(String)
        /// The name of the variable.
        case environment(String)
    }

    let node: SourceNode
    let source: Source
    /// `egress.ports[2]` from the file, `POSTBACK_EGRESS_PORTS[2]` from the environment.
    let path: String
    let reader: SettingsReader

    /// An entry of this list, counted from 1 as people do.
    func item(_ number: Int, _ node: SourceNode) -> SettingValue {
        SettingValue(node: node, source: source, path: "\(path)[\(number)]", reader: reader)
    }

    /// An entry of this mapping.
    func member(_ entry: SourceNode.Entry) -> SettingValue {
        SettingValue(node: entry.value, source: source, path: "\(path).\(entry.key)", reader: reader)
    }

    /// The text of a value, in quotation marks or not; nil for lists, mappings and nothing.
    var text: String? { node.text }

    /// The text of a value that stands without quotation marks: what can be a number, `true` or `false`.
    var bareText: String? {
        if case .scalar(let text, quoted: false) = node.content { text } else { nil }
    }

    /// Adds a fault at this value, or at a key of it.
    func refuse(_ message: String, hint: String? = nil, at position: SourcePosition? = nil) {
        switch source {
        case .file(let file):
            reader.add(Fault(file: file, position: position ?? node.position, path: path, message, hint: hint))
        case .environment:
            reader.add(Fault(file: SettingsReader.environmentName, path: path, message, hint: hint))
        }
    }

    /// `must be a whole number from 1 to 64; it is "many"`.
    func refuse(mustBe allowed: String, hint: String? = nil) {
        refuse("must be \(allowed); it is \(shown)", hint: hint)
    }

    /// `must be amqp://...; it is another text`: for values that can hold a password, so their text is not shown.
    func refuseHiding(mustBe allowed: String, hint: String? = nil) {
        refuse("must be \(allowed)", hint: hint)
    }

    private var shown: String {
        switch node.content {
        case .null: "empty"
        case .sequence, .mapping: node.kind
        case .scalar("", _): "empty"
        case .scalar(let text, _): Self.quoted(text)
        }
    }

    /// `text` in quotation marks, cut to 60 characters, control characters written out.
    static func quoted(_ text: String) -> String {
        let cut = text.count > 60 ? "\(text.prefix(60))..." : text
        let safe = cut.unicodeScalars.map { scalar in
            scalar.value < 0x20 || scalar.value == 0x7F ? scalar.escaped(asASCII: true) : String(scalar)
        }
        return "\"\(safe.joined())\""
    }
}
