/// A place in a file a person wrote: line and column count from 1.
package struct SourcePosition: Sendable, Hashable, Comparable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// One value of a YAML or JSON document that knows where it stands, so that a fault can name its line.
///
/// Numbers and booleans stay text: whoever reads a value knows what it should be, and money must not pass through
/// binary floating point.
package struct SourceNode: Sendable {
    package enum Content: Sendable {
        case null
        /// `quoted` is true when the author wrote quotation marks: `"no"` is a string, `no` is not.
        case scalar(String, quoted: Bool)
        case sequence([SourceNode])
        case mapping([Entry])
    }

    /// A key of a mapping with its value, in the order of the file. Keys are unique within a mapping.
    package struct Entry: Sendable {
        package var key: String
        package var keyPosition: SourcePosition
        package var value: SourceNode

        package init(key: String, keyPosition: SourcePosition, value: SourceNode) {
            self.key = key
            self.keyPosition = keyPosition
            self.value = value
        }
    }

    package var content: Content
    package var position: SourcePosition

    package init(_ content: Content, at position: SourcePosition) {
        self.content = content
        self.position = position
    }

    /// What a person would call this kind of value.
    package var kind: String {
        switch content {
        case .null: "nothing"
        case .scalar: "a value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    /// The entries of a mapping; none for `null`, nil for anything else.
    package var entries: [Entry]? {
        switch content {
        case .mapping(let entries): entries
        case .null: []
        default: nil
        }
    }

    /// The text of a scalar.
    package var text: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }
}
