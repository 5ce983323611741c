import Documents

/// Where the URLs of a routes file go without encryption: told only when all of the file is read, because only then it
/// is known whether the same host is reached by https elsewhere.
struct PlainOrigins {
    /// The URLs of one `http` destination: the first of them, and how many there are.
    struct Use {
        var position: SourcePosition
        /// Where the path of the first one begins in `paths`; it ends before a 0.
        fileprivate var path: Int
        fileprivate(set) var destination: UInt32
        /// Whether it is a tracker's, whose scheme the publisher enters.
        var isInput: Bool
        var count = 1
    }

    private(set) var uses: [Use] = []
    /// By the number of the destination: the number of its use plus one.
    private var numbers: [UInt32] = []
    /// A million of them are no objects.
    private var paths: [UInt8] = []

    /// Who chose the scheme of a URL.
    enum Choice {
        /// The publisher, in the URL that he wrote.
        case url
        /// The publisher, beside the tracker.
        case input(SourceNode.Entry)
        /// The tracker.
        case fixed
    }

    /// The path to the first URL of a use.
    func path(of use: Use) -> String {
        let end = paths[use.path...].firstIndex(of: 0) ?? paths.endIndex
        return String(decoding: paths[use.path..<end], as: UTF8.self)
    }

    mutating func add(
        _ destination: UInt32,
        at position: SourcePosition,
        path: @autoclosure () -> String,
        isInput: Bool
    ) {
        while numbers.count <= Int(destination) { numbers.append(0) }
        if numbers[Int(destination)] > 0 {
            uses[Int(numbers[Int(destination)]) - 1].count += 1
            return
        }
        uses.append(Use(position: position, path: paths.count, destination: destination, isInput: isInput))
        numbers[Int(destination)] = UInt32(uses.count)
        paths.append(contentsOf: path().utf8)
        // Ids may hold anything but this: YAML has no such character.
        paths.append(0)
    }
}
