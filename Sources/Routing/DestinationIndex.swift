/// The destinations of a table, numbered in the order in which they were met. Each is a few bytes: a million of them are
/// no objects.
struct DestinationIndex: Sendable {
    /// Scheme and port, then the host.
    private var index = KeyIndex()
    private static let prefix = 3

    var count: Int { index.count }

    subscript(number: Int) -> Destination {
        let key = index.bytes(of: number)
        let port = UInt16(key[key.startIndex + 1]) << 8 | UInt16(key[key.startIndex + 2])
        let host = String(decoding: key.dropFirst(Self.prefix), as: UTF8.self)
        return Destination(scheme: key[key.startIndex] == 0 ? .http : .https, host: host, port: port)
    }

    /// Whether nothing that goes there is encrypted.
    func isPlain(_ number: Int) -> Bool {
        index.arena[index.range(of: number).lowerBound] == 0
    }

    func number(of destination: Destination) -> Int? {
        index.find(owner: 0, Self.key(destination).span)
    }

    /// Adds one whose key was put together by ``key(_:_:_:)``; its number, also if it was there.
    mutating func add(key: [UInt8]) -> Int {
        index.insert(owner: 0, key.span).number
    }

    mutating func add(_ destination: Destination) -> Int {
        index.insert(owner: 0, Self.key(destination).span).number
    }

    mutating func reserve(_ count: Int, bytes: Int) {
        index.reserve(keys: count, bytes: bytes)
    }

    /// How many bytes all of them take.
    var byteCount: Int { index.arena.count }

    /// `host` must be in the form that ``Destination/host`` has.
    static func key(_ scheme: Destination.Scheme, _ port: UInt16, _ host: some Collection<UInt8>) -> [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(prefix + host.count)
        key.append(scheme == .http ? 0 : 1)
        key.append(UInt8(port >> 8))
        key.append(UInt8(port & 0xFF))
        key.append(contentsOf: host)
        return key
    }

    private static func key(_ destination: Destination) -> [UInt8] {
        key(destination.scheme, destination.port, destination.host.utf8)
    }
}
