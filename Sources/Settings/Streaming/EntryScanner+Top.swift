import Documents

extension EntryScanner {
    /// An entry at the top of a document in block style. Where the value of the key `opening` is a mapping below it, that is
    /// left to be read, and the indentation of its entries comes with the entry; the value then is an empty mapping.
    mutating func topEntry(opening: String?) throws(Stop) -> (entry: SourceNode.Entry, inner: Int?) {
        let begin = place
        if let opening, let key = try key(inFlow: false).key, key == opening, try isAtLineEnd() {
            try finishLine()
            if let inner = try indentation(), inner > 0, try !isListElement(at: inner) {
                let value = SourceNode(.mapping([]), at: positionAhead(inner))
                return (SourceNode.Entry(key: key, keyPosition: begin.position, value: value), inner)
            }
        }
        place = begin
        let entry = try blockEntry(indent: 0, depth: 0)
        if let after = try indentation(), after > 0 { throw .unusual }
        return (entry, nil)
    }

    /// The same in flow style: whether the braces of the value of `opening` were entered.
    mutating func topFlowEntry(opening: String?) throws(Stop) -> (entry: SourceNode.Entry, opens: Bool) {
        try skipFlowBlanks()
        let begin = place
        if let opening, let key = try key(inFlow: true).key, key == opening {
            try skipFlowBlanks()
            let position = place.position
            if try peek() == UInt8(ascii: "{") {
                place.index += 1
                try skipFlowBlanks()
                if try peek() != UInt8(ascii: "}") {
                    let value = SourceNode(.mapping([]), at: position)
                    return (SourceNode.Entry(key: key, keyPosition: begin.position, value: value), true)
                }
            }
        }
        place = begin
        return (try flowEntry(depth: 1), false)
    }

    /// Behind an entry in flow style: behind the comma (false), or behind the brace that ends the mapping (true).
    mutating func closes() throws(Stop) -> Bool {
        try skipFlowBlanks()
        let byte = try peek()
        guard byte == UInt8(ascii: "}") || byte == UInt8(ascii: ",") else { throw .unusual }
        place.index += 1
        return byte == UInt8(ascii: "}")
    }

    /// At the beginning of the line of a key that is indented by `indent`: where the next line begins that is not indented
    /// deeper. Empty lines and comments end nothing.
    mutating func endOfPiece(indent: Int) throws(Stop) -> TextPlace {
        var result = place
        while true {
            while result.index < bytes.count, bytes[result.index] != 0x0A { result.index += 1 }
            guard result.index < bytes.count else { throw .end }
            result.endLine()
            var index = result.index
            while index < bytes.count, bytes[index] == 0x20 { index += 1 }
            guard index < bytes.count else {
                if isComplete { return result }
                throw .end
            }
            switch bytes[index] {
            case 0x0A, 0x0D, UInt8(ascii: "#"): break
            case UInt8(ascii: "-") where index - result.index == indent:
                // The list of a key may stand where the key does.
                break
            default: if index - result.index <= indent { return result }
            }
        }
    }

    private func positionAhead(_ count: Int) -> SourcePosition {
        SourcePosition(line: place.line, column: count + 1)
    }
}
