package import EventLoop

/// What epoll knows about libcurl's sockets, by descriptor. Pure.
package struct SocketTable: Sendable {
    private struct Entry {
        var registered = Readiness(rawValue: 0)
        var isWanted = false
        var shard = -1
    }

    package enum Change: Sendable, Equatable {
        case nothing, add, modify
    }

    private var entries: [Entry] = []

    package init() {}

    /// libcurl wants events of a socket: what has to be done about epoll.
    package mutating func want(_ descriptor: Int32, _ interest: Readiness, shard: Int) -> Change {
        let index = Int(descriptor)
        while entries.count <= index { entries.append(Entry()) }
        let old = entries[index]
        entries[index] = Entry(registered: interest, isWanted: true, shard: shard)
        if old.registered.rawValue == 0 { return .add }
        return old.registered.rawValue == interest.rawValue && old.shard == shard ? .nothing : .modify
    }

    /// libcurl wants no events for now; epoll keeps the socket.
    package mutating func release(_ descriptor: Int32) {
        guard entries.indices.contains(Int(descriptor)) else { return }
        entries[Int(descriptor)].isWanted = false
    }

    /// The socket is closed or out of epoll.
    package mutating func forget(_ descriptor: Int32) {
        guard entries.indices.contains(Int(descriptor)) else { return }
        entries[Int(descriptor)] = Entry()
    }

    package func isWanted(_ descriptor: Int32) -> Bool {
        entries.indices.contains(Int(descriptor)) && entries[Int(descriptor)].isWanted
    }
}
