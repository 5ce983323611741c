import Documents

/// Reads the usual forms of YAML and JSON into ``SourceNode``s, many times faster than a whole parser: mappings and lists in
/// block and in flow style, plain and quoted scalars on one line, comments. What it reads it reads exactly as
/// ``YAMLDocument`` does; at everything else it stops, and the text is left to that.
///
/// The text has been checked by ``TextWindow``: no controls, no characters that YAML has rules for.
struct EntryScanner {
    enum Stop: Error {
        /// The stretch ends before the entry does.
        case end
        /// A form that is not read here, or a fault.
        case unusual
    }

    let bytes: [UInt8]
    /// Whether the text ends where ``bytes`` do.
    let isComplete: Bool
    var place: TextPlace
    /// Whether line ends are blanks, as they are within the braces of a document that is all flow style.
    let linesAreBlanks: Bool

    /// Deeper nesting is left to those who tell where it becomes too deep.
    static let deepest = YAMLDocument.deepest - 4
    /// The longest key in bytes; libyaml takes no more than 1,024 characters.
    static let longestKey = 1_000

    init(_ window: borrowing TextWindow, linesAreBlanks: Bool = false) {
        bytes = window.bytes
        isComplete = window.isComplete
        place = window.place
        self.linesAreBlanks = linesAreBlanks
    }

    /// The next byte.
    func peek() throws(Stop) -> UInt8 {
        guard place.index < bytes.count else { throw isComplete ? .unusual : .end }
        return bytes[place.index]
    }

    /// The byte behind the next.
    func peekBehind() throws(Stop) -> UInt8 {
        guard place.index + 1 < bytes.count else { throw isComplete ? .unusual : .end }
        return bytes[place.index + 1]
    }

    mutating func skipSpaces() throws(Stop) {
        while try peek() == 0x20 { place.index += 1 }
    }

    /// Goes behind the end of the line, over blanks and a comment.
    mutating func finishLine() throws(Stop) {
        let start = place.index
        try skipSpaces()
        if try peek() == UInt8(ascii: "#") {
            // A comment begins behind a blank, or at the beginning of a line.
            if place.index == start, place.index != place.lineStart { throw .unusual }
            try skipComment()
        }
        if try peek() == 0x0D {
            guard try peekBehind() == 0x0A else { throw .unusual }
            place.index += 1
        }
        guard try peek() == 0x0A else { throw .unusual }
        place.endLine()
    }

    /// Up to the end of the line.
    mutating func skipComment() throws(Stop) {
        while true {
            let byte = try peek()
            if byte == 0x0A || byte == 0x0D { return }
            if byte & 0xC0 == 0x80 { place.continuations += 1 }
            place.index += 1
        }
    }

    /// At the beginning of a line: over empty lines and comments to the next line that says something. The number of blanks
    /// it begins with; nil at the end of the text.
    mutating func indentation() throws(Stop) -> Int? {
        while true {
            var index = place.index
            while index < bytes.count, bytes[index] == 0x20 { index += 1 }
            guard index < bytes.count else {
                if isComplete { return nil }
                throw .end
            }
            switch bytes[index] {
            case 0x0A, 0x0D, UInt8(ascii: "#"): try finishLine()
            case 0x09: throw .unusual
            default: return index - place.index
            }
        }
    }
}
