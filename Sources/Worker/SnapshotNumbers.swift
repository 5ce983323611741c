/// The lane's own numbers of the destinations that the routes' snapshot has numbers for, of which a lane meets a few at a time:
/// kept in pages, so that a new snapshot of a million destinations costs a loop next to nothing.
struct SnapshotNumbers {
    private static let pageBits = 8
    private static let pageSize = 1 << pageBits

    /// How many the snapshot has.
    let count: Int
    /// Where each page begins in `numbers`; -1 for one that is not there.
    private var pages: [Int32]
    private var numbers: [Int32] = []

    init(count: Int) {
        self.count = count
        pages = Array(repeating: -1, count: (count + Self.pageSize - 1) >> Self.pageBits)
    }

    /// The lane's number, -1 for none; `index` is smaller than ``count``.
    @inline(__always)
    subscript(index: Int) -> Int {
        get {
            let page = Int(pages[index >> Self.pageBits])
            return page < 0 ? -1 : Int(numbers[page + index & (Self.pageSize - 1)])
        }
        set {
            var page = Int(pages[index >> Self.pageBits])
            if page < 0 {
                page = numbers.count
                pages[index >> Self.pageBits] = Int32(page)
                numbers.append(contentsOf: repeatElement(-1, count: Self.pageSize))
            }
            numbers[page + index & (Self.pageSize - 1)] = Int32(truncatingIfNeeded: newValue)
        }
    }
}
