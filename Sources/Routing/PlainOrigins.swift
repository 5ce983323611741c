import Documents

/// Where the URLs of a routes file go without encryption: told only when all of the file is read, because only then it
/// is known whether the same host is reached by https elsewhere.
struct PlainOrigins {
    /// The URLs of one `http` destination: the first of them, and how many there are.
    struct Use {
        var position: SourcePosition
        var path: String
        /// Whether it is a tracker's, whose scheme the publisher enters.
        var isInput: Bool
        var count = 1
    }

    /// By the number of the destination.
    private(set) var uses: [UInt32: Use] = [:]

    /// Who chose the scheme of a URL.
    enum Choice {
        /// The publisher, in the URL that he wrote.
        case url
        /// The publisher, beside the tracker.
        case input(SourceNode.Entry)
        /// The tracker.
        case fixed
    }

    mutating func add(
        _ destination: UInt32,
        at position: SourcePosition,
        path: @autoclosure () -> String,
        isInput: Bool
    ) {
        if uses[destination] == nil {
            uses[destination] = Use(position: position, path: path(), isInput: isInput)
        } else {
            uses[destination]?.count += 1
        }
    }
}
