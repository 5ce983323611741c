/// A text with parts of it hidden: copies what is shown, remembers what is not.
struct MaskedText {
    private let source: [UInt8]
    private var shown: [UInt8] = []
    /// How much of the source has been dealt with.
    private var done = 0
    private var hidden: [Range<Int>] = []

    init(_ source: [UInt8]) {
        self.source = source
    }

    /// What was hidden, as it stands in the source.
    var hiddenParts: [[UInt8]] { hidden.map { Array(source[$0]) } }

    /// Hides a part behind all earlier ones; an empty part hides nothing.
    mutating func hide(_ part: Range<Int>) {
        guard !part.isEmpty else { return }
        if hidden.isEmpty { shown.reserveCapacity(source.count) }
        shown.append(contentsOf: source[done..<part.lowerBound])
        shown.append(contentsOf: SecretMask.mask.utf8)
        done = part.upperBound
        hidden.append(part)
    }

    /// The text; a hidden part of at least `repeatedLength` bytes is also hidden wherever else it stands.
    consuming func finish(repeatedLength: Int) -> [UInt8] {
        if hidden.isEmpty { return source }
        shown.append(contentsOf: source[done...])
        for part in hidden where part.count >= repeatedLength {
            hideRepeats(Array(source[part]))
        }
        return shown
    }

    private mutating func hideRepeats(_ secret: [UInt8]) {
        var start = 0
        while start + secret.count <= shown.count {
            if shown[start] == secret[0], shown[start..<(start + secret.count)].elementsEqual(secret) {
                shown.replaceSubrange(start..<(start + secret.count), with: SecretMask.mask.utf8)
                start += SecretMask.mask.utf8.count
            } else {
                start += 1
            }
        }
    }
}
