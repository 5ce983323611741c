import Routing

/// Host and origin of destinations as bytes, by a lane's numbers of them; made once for each. Pure.
struct DestinationTexts {
    struct Entry: Equatable {
        var host: [UInt8] = []
        var origin: [UInt8] = []

        init() {}

        init(_ destination: Destination) {
            host = Array(destination.host.utf8)
            origin = Array(destination.origin.utf8)
        }
    }

    private var entries: [Entry] = []

    /// - Parameters:
    ///   - number: -1 for a destination that the lane has given none.
    ///   - destination: asked only where there is no entry; a host is never empty.
    mutating func entry(_ number: Int, _ destination: @autoclosure () -> Destination) -> Entry {
        if number >= 0, number < entries.count, !entries[number].host.isEmpty { return entries[number] }
        let entry = Entry(destination())
        if number >= 0 {
            while entries.count <= number { entries.append(Entry()) }
            entries[number] = entry
        }
        return entry
    }

    /// The number may be another destination's from now on.
    mutating func forget(_ number: Int) {
        if number < entries.count { entries[number] = Entry() }
    }
}
