import Documents
internal import Yams

/// Turns Yams' tree into ``SourceNode``s and collects what is refused on the way.
struct YAMLTranslation {
    let file: String
    let disarmed: AliasDisarming
    private(set) var faults: [Fault] = []
    /// For a text whose twin keys were marked so that Yams takes it.
    var repair: Repair?

    struct Repair {
        /// A key without its mark.
        var key: (String) -> String
        /// Where something stood before the marks.
        var position: (SourcePosition) -> SourcePosition
    }

    init(file: String, disarmed: AliasDisarming) {
        self.file = file
        self.disarmed = disarmed
    }

    /// `node` and all below it; what is refused becomes `.null` and a fault.
    mutating func node(_ node: Node, depth: Int) -> SourceNode {
        let position = place(node)
        if node.anchor != nil {
            refuse(position, "anchors (&name) are not supported", hint: "write the value out where it is needed")
            return SourceNode(.null, at: position)
        }
        if depth > YAMLDocument.deepest {
            refuse(position, "lists and mappings are nested deeper than \(YAMLDocument.deepest) levels")
            return SourceNode(.null, at: position)
        }
        switch node {
        case .scalar(let scalar):
            return SourceNode(content(of: scalar, at: position), at: position)
        case .sequence(let sequence):
            refuse(sequence.tag, unless: .seq, at: position)
            return SourceNode(.sequence(sequence.map { self.node($0, depth: depth + 1) }), at: position)
        case .mapping(let mapping):
            refuse(mapping.tag, unless: .map, at: position)
            return SourceNode(.mapping(entries(of: mapping, depth: depth)), at: position)
        case .alias:
            refuseAlias(at: position)
            return SourceNode(.null, at: position)
        }
    }

    private mutating func entries(of mapping: Node.Mapping, depth: Int) -> [SourceNode.Entry] {
        var entries: [SourceNode.Entry] = []
        entries.reserveCapacity(mapping.count)
        var seen: Set<String> = []
        for (key, value) in mapping {
            let value = node(value, depth: depth + 1)
            guard var key = text(ofKey: key) else { continue }
            if let repair {
                key.text = repair.key(key.text)
                // The first one counts.
                if !seen.insert(key.text).inserted { continue }
            }
            entries.append(SourceNode.Entry(key: key.text, keyPosition: key.position, value: value))
        }
        return entries
    }

    private func place(_ node: Node) -> SourcePosition {
        let position = SourcePosition(node.mark)
        return repair?.position(position) ?? position
    }

    private mutating func text(ofKey node: Node) -> (text: String, position: SourcePosition)? {
        let position = place(node)
        guard case .scalar(let scalar) = node else {
            // `url: {{click_id}}` is a mapping whose key is a mapping: the one way in which people come here.
            refuse(
                position,
                "a key must be text, not a list or a mapping",
                hint: "a value that begins with a brace, such as {{click_id}}, must stand in quotation marks"
            )
            return nil
        }
        if scalar.anchor != nil {
            refuse(position, "anchors (&name) are not supported", hint: "write the value out where it is needed")
            return nil
        }
        let plain = isPlain(scalar)
        if plain && disarmed.isAlias(scalar.string) {
            refuseAlias(at: position)
            return nil
        }
        if plain && scalar.string == "<<" {
            refuse(position, "merge keys (<<) are not supported", hint: "write the entries out where they are needed")
            return nil
        }
        if plain && scalar.string.isEmpty {
            refuse(position, "a key is missing before the colon")
            return nil
        }
        refuse(scalar.tag, unless: .str, at: position)
        return (disarmed.restored(scalar.string), position)
    }

    private mutating func content(of scalar: Node.Scalar, at position: SourcePosition) -> SourceNode.Content {
        refuse(scalar.tag, unless: .str, at: position)
        let isText = !isPlain(scalar) || scalar.tag.rawValue == Tag.Name.str.rawValue
        guard !isText else { return .scalar(disarmed.restored(scalar.string), quoted: true) }
        if disarmed.isAlias(scalar.string) {
            refuseAlias(at: position)
            return .null
        }
        switch scalar.string {
        case "", "~", "null", "Null", "NULL": return .null
        default: return .scalar(disarmed.restored(scalar.string), quoted: false)
        }
    }

    private func isPlain(_ scalar: Node.Scalar) -> Bool {
        scalar.style == .plain || scalar.style == .any
    }

    /// Yams itself gives `expected` to what it has hashed and to quoted text, so it cannot be told from a written `!!str`.
    private mutating func refuse(_ tag: Tag, unless expected: Tag.Name, at position: SourcePosition) {
        if tag.rawValue == Tag.Name.implicit.rawValue || tag.rawValue == expected.rawValue { return }
        refuse(position, "tags (such as !!int) are not supported", hint: "write the value alone")
    }

    private mutating func refuseAlias(at position: SourcePosition) {
        refuse(
            position,
            "aliases (*name) are not supported",
            hint: "write the value out, or put it in quotation marks if the asterisk is part of it"
        )
    }

    private mutating func refuse(_ position: SourcePosition, _ message: String, hint: String? = nil) {
        faults.append(Fault(file: file, position: position, message, hint: hint))
    }
}

extension SourcePosition {
    /// Yams counts from 1, columns in Unicode scalars.
    init(_ mark: Mark?) {
        self.init(line: mark?.line ?? 1, column: mark?.column ?? 1)
    }
}
