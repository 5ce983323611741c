import Documents

/// Where the URLs of a routes file go without encryption: told only when all of the file is read, because only then it
/// is known whether the same host is reached by https elsewhere.
struct PlainOrigins {
    /// The URLs of one `http` destination: the first of them, and how many there are.
    struct Use {
        var position: SourcePosition
        var path: String
        var count = 1
    }

    /// By the number of the destination.
    private(set) var uses: [UInt32: Use] = [:]

    mutating func add(_ destination: UInt32, at position: SourcePosition, path: @autoclosure () -> String) {
        if uses[destination] == nil {
            uses[destination] = Use(position: position, path: path())
        } else {
            uses[destination]?.count += 1
        }
    }
}
