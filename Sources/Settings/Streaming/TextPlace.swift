import Documents

/// Where a scanner stands in a stretch of text.
struct TextPlace {
    /// Of the next byte in the stretch.
    var index = 0
    /// From 1.
    var line = 1
    /// The index at which the line began; negative when that is before the stretch.
    var lineStart = 0
    /// Bytes of this line before `index` that begin no character: columns are counted in Unicode scalars.
    var continuations = 0

    var position: SourcePosition {
        SourcePosition(line: line, column: index - lineStart - continuations + 1)
    }

    /// Behind the line feed at `index`.
    mutating func endLine() {
        index += 1
        line += 1
        lineStart = index
        continuations = 0
    }
}
