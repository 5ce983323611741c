/// Goes over the literals of a template and leaves `***` for those bytes of them that are shown nowhere.
struct HiddenText {
    /// In the text of the template, in their order.
    private var ranges: ArraySlice<Range<Int>>
    /// Whether the last literal ended within one, so that what follows belongs to it.
    private(set) var isInside = false

    /// None begins at 0: a target begins with its slash.
    init(_ ranges: [Range<Int>]) {
        self.ranges = ranges[...]
    }

    /// Appends a literal of `text`; `literal` counts from its start.
    mutating func append(_ text: ArraySlice<UInt8>, _ literal: Range<Int>, to buffer: inout [UInt8]) {
        var position = literal.lowerBound
        while let range = ranges.first, range.lowerBound <= literal.upperBound {
            if range.lowerBound >= position {
                buffer.append(contentsOf: text[text.startIndex + position..<text.startIndex + range.lowerBound])
                buffer.append(contentsOf: "***".utf8)
            }
            if range.upperBound > literal.upperBound || range.lowerBound == literal.upperBound {
                isInside = true
                return
            }
            position = range.upperBound
            isInside = false
            ranges.removeFirst()
        }
        isInside = false
        buffer.append(contentsOf: text[text.startIndex + position..<text.startIndex + literal.upperBound])
    }
}
