import Documents

extension EntryScanner {
    /// An entry of a mapping in block style, at the first byte of its key. Stops at the beginning of a line that is no part
    /// of it; that it belongs to the mapping around is for the caller to see.
    mutating func blockEntry(indent: Int, depth: Int) throws(Stop) -> SourceNode.Entry {
        let position = place.position
        guard let key = try key(inFlow: false).key else { throw .unusual }
        return SourceNode.Entry(
            key: key,
            keyPosition: position,
            value: try blockValue(indent: indent, depth: depth + 1)
        )
    }

    /// What stands behind a colon, in the line or below it; `indent` is that of the key.
    mutating func blockValue(indent: Int, depth: Int) throws(Stop) -> SourceNode {
        if depth > Self.deepest { throw .unusual }
        let empty = place.position
        if try isAtLineEnd() {
            try finishLine()
            let inner = try indentation() ?? -1
            if inner > indent { return try blockNode(indent: inner, depth: depth) }
            // A list may stand where its key does.
            if inner == indent, try isListElement(at: indent) { throw .unusual }
            return SourceNode(.null, at: empty)
        }
        try skipSpaces()
        let node = try inlineValue(depth: depth)
        try finishLine()
        return node
    }

    /// A mapping or a list, at the beginning of its first line.
    private mutating func blockNode(indent: Int, depth: Int) throws(Stop) -> SourceNode {
        if try isListElement(at: indent) {
            place.index += indent
            let position = place.position
            place.index -= indent
            return SourceNode(.sequence(try blockElements(indent: indent, depth: depth)), at: position)
        }
        place.index += indent
        let position = place.position
        let first = try blockEntry(indent: indent, depth: depth)
        return SourceNode(.mapping(try blockEntries(after: first, indent: indent, depth: depth)), at: position)
    }

    /// The entries of a mapping, behind the first one.
    private mutating func blockEntries(
        after first: SourceNode.Entry,
        indent: Int,
        depth: Int
    ) throws(Stop) -> [SourceNode.Entry] {
        var entries = [first]
        while let next = try indentation(), next >= indent {
            if next > indent { throw .unusual }
            place.index += indent
            let entry = try blockEntry(indent: indent, depth: depth)
            if Self.holds(entries, entry.key) { throw .unusual }
            entries.append(entry)
        }
        return entries
    }

    private mutating func blockElements(indent: Int, depth: Int) throws(Stop) -> [SourceNode] {
        var elements: [SourceNode] = []
        while let next = try indentation(), next >= indent {
            guard next == indent, try isListElement(at: indent) else { throw .unusual }
            place.index += indent + 1
            elements.append(try blockElement(dash: indent, depth: depth + 1))
        }
        return elements
    }

    /// What stands behind the dash of a list.
    private mutating func blockElement(dash: Int, depth: Int) throws(Stop) -> SourceNode {
        if depth > Self.deepest { throw .unusual }
        if try isAtLineEnd() { throw .unusual }
        let start = place.index
        try skipSpaces()
        let column = dash + 1 + place.index - start
        let position = place.position
        let byte = try peek()
        if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
            let node = try flowValue(depth: depth)
            try finishLine()
            return node
        }
        let begin = place
        let found = try key(inFlow: false)
        if found.key == nil {
            try finishLine()
            return SourceNode(Self.content(found.scalar), at: position)
        }
        place = begin
        let first = try blockEntry(indent: column, depth: depth)
        return SourceNode(.mapping(try blockEntries(after: first, indent: column, depth: depth)), at: position)
    }

    /// A value in the line of its key.
    private mutating func inlineValue(depth: Int) throws(Stop) -> SourceNode {
        let position = place.position
        let byte = try peek()
        if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { return try flowValue(depth: depth) }
        return SourceNode(Self.content(try scalar(inFlow: false)), at: position)
    }

    /// Whether only blanks and a comment follow in the line.
    func isAtLineEnd() throws(Stop) -> Bool {
        var ahead = self
        try ahead.skipSpaces()
        let byte = try ahead.peek()
        return byte == 0x0A || byte == 0x0D || (byte == UInt8(ascii: "#") && ahead.place.index > place.index)
    }

    /// Whether a dash and a blank stand at the beginning of the line, behind `indent` blanks.
    func isListElement(at indent: Int) throws(Stop) -> Bool {
        var ahead = self
        ahead.place.index += indent
        guard try ahead.peek() == UInt8(ascii: "-") else { return false }
        let next = try ahead.peekBehind()
        return next == 0x20 || next == 0x0A || next == 0x0D
    }
}
