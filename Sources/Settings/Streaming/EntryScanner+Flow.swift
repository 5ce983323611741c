import Documents

extension EntryScanner {
    /// A value within braces or brackets, at its first byte.
    mutating func flowValue(depth: Int) throws(Stop) -> SourceNode {
        if depth > Self.deepest { throw .unusual }
        let position = place.position
        switch try peek() {
        case UInt8(ascii: "{"): return SourceNode(.mapping(try flowEntries(depth: depth)), at: position)
        case UInt8(ascii: "["): return SourceNode(.sequence(try flowElements(depth: depth)), at: position)
        default:
            let scalar = try scalar(inFlow: true)
            try skipFlowBlanks()
            // `a: b` without braces of its own, or a second word: not read here.
            guard Self.endsFlowValue(try peek()) else { throw .unusual }
            return SourceNode(Self.content(scalar), at: position)
        }
    }

    /// `key: value` at the first byte of the key; stops behind the value and blanks.
    mutating func flowEntry(depth: Int) throws(Stop) -> SourceNode.Entry {
        let position = place.position
        guard let key = try key(inFlow: true).key else { throw .unusual }
        try skipFlowBlanks()
        let value = try flowValue(depth: depth)
        try skipFlowBlanks()
        return SourceNode.Entry(key: key, keyPosition: position, value: value)
    }

    /// Over blanks; where lines are blanks also over these and over comments.
    mutating func skipFlowBlanks() throws(Stop) {
        while true {
            switch try peek() {
            case 0x20, 0x09: place.index += 1
            case 0x0A where linesAreBlanks: place.endLine()
            case 0x0D where linesAreBlanks:
                guard try peekBehind() == 0x0A else { throw .unusual }
                place.index += 1
            case 0x0A, 0x0D, UInt8(ascii: "#"): throw .unusual
            default: return
            }
        }
    }

    private static func endsFlowValue(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
    }

    private mutating func flowEntries(depth: Int) throws(Stop) -> [SourceNode.Entry] {
        place.index += 1
        try skipFlowBlanks()
        var entries: [SourceNode.Entry] = []
        if try peek() == UInt8(ascii: "}") {
            place.index += 1
            return entries
        }
        while true {
            let entry = try flowEntry(depth: depth + 1)
            if Self.holds(entries, entry.key) { throw .unusual }
            entries.append(entry)
            if try endsFlow(UInt8(ascii: "}")) { return entries }
        }
    }

    private mutating func flowElements(depth: Int) throws(Stop) -> [SourceNode] {
        place.index += 1
        try skipFlowBlanks()
        var elements: [SourceNode] = []
        if try peek() == UInt8(ascii: "]") {
            place.index += 1
            return elements
        }
        while true {
            elements.append(try flowValue(depth: depth + 1))
            try skipFlowBlanks()
            if try endsFlow(UInt8(ascii: "]")) { return elements }
        }
    }

    /// Behind a comma, or behind `closer`: then true.
    private mutating func endsFlow(_ closer: UInt8) throws(Stop) -> Bool {
        let byte = try peek()
        if byte == closer {
            place.index += 1
            return true
        }
        guard byte == UInt8(ascii: ",") else { throw .unusual }
        place.index += 1
        try skipFlowBlanks()
        return false
    }

    /// Whether a key is there already; a key that is given twice is told by others.
    static func holds(_ entries: [SourceNode.Entry], _ key: String) -> Bool {
        entries.contains { $0.key == key }
    }
}
