/// Numbers byte strings in the order they are added, and finds the number again in constant time.
///
/// Open addressing with linear probing over one arena, so that a lookup makes no String and a million keys cost a
/// few arrays. Each key has an owner: the same bytes under two owners are two keys.
struct KeyIndex: Sendable {
    /// The bytes of all keys, one after another.
    private(set) var arena: [UInt8] = []
    /// Where each key ends in `arena`, which has less than 4 GiB; it starts where the one before it ends.
    private var ends: [UInt32] = []
    /// Of each key; empty while all of them are 0.
    private var owners: [UInt32] = []
    /// The upper half of the hash beside the key's number plus one; 0 is a free slot. The length is a power of two.
    private var slots: [UInt64] = [0, 0, 0, 0]

    var count: Int { ends.count }

    /// Where the bytes of a key stand in ``arena``.
    func range(of number: Int) -> Range<Int> {
        (number == 0 ? 0 : Int(ends[number - 1]))..<Int(ends[number])
    }

    func bytes(of number: Int) -> ArraySlice<UInt8> {
        arena[range(of: number)]
    }

    @inline(__always)
    func owner(of number: Int) -> UInt32 {
        owners.isEmpty ? 0 : owners[number]
    }

    /// Takes room for so many keys of so many bytes in all: what is asked for and not used costs no memory.
    mutating func reserve(keys: Int, bytes: Int) {
        arena.reserveCapacity(bytes)
        ends.reserveCapacity(keys)
        if !owners.isEmpty { owners.reserveCapacity(keys) }
    }

    @inline(__always)
    func find(owner: UInt32, _ key: Span<UInt8>) -> Int? {
        let hash = Self.hash(owner: owner, key)
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while true {
            let slot = slots[place]
            if slot == 0 { return nil }
            if slot >> 32 == hash >> 32 {
                let number = Int(slot & 0xFFFF_FFFF) - 1
                if holds(number, owner: owner, key) { return number }
            }
            place = (place + 1) & mask
        }
    }

    /// The number of the key, added if it is new.
    mutating func insert(owner: UInt32, _ key: Span<UInt8>) -> (number: Int, isNew: Bool) {
        if let number = find(owner: owner, key) { return (number, false) }
        if (ends.count + 1) * 4 > slots.count * 3 { grow() }
        let number = ends.count
        for i in key.indices { arena.append(key[i]) }
        ends.append(UInt32(arena.count))
        if owner != 0 || !owners.isEmpty {
            while owners.count < number { owners.append(0) }
            owners.append(owner)
        }
        place(number, hash: Self.hash(owner: owner, key))
        return (number, true)
    }

    /// Gives back what lookups need; only the bytes and their numbers stay.
    mutating func dropLookup() {
        slots = [0, 0, 0, 0]
        owners = []
    }

    private mutating func place(_ number: Int, hash: UInt64) {
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while slots[place] != 0 { place = (place + 1) & mask }
        slots[place] = (hash >> 32) << 32 | UInt64(number + 1)
    }

    private mutating func grow() {
        slots = [UInt64](repeating: 0, count: slots.count * 2)
        for number in ends.indices {
            place(number, hash: Self.hash(owner: owner(of: number), arena.span.extracting(range(of: number))))
        }
    }

    @inline(__always)
    private func holds(_ number: Int, owner: UInt32, _ key: Span<UInt8>) -> Bool {
        let range = range(of: number)
        guard self.owner(of: number) == owner, range.count == key.count else { return false }
        let arena = arena.span
        for i in key.indices where arena[range.lowerBound + i] != key[i] { return false }
        return true
    }

    /// Multiply and fold, eight bytes at a time. Keys come from the routes file, so nobody can choose them to collide
    /// from outside.
    @inline(__always)
    private static func hash(owner: UInt32, _ key: Span<UInt8>) -> UInt64 {
        var hash = UInt64(owner) &* 0xD6E8_FEB8_6659_FD93 ^ UInt64(truncatingIfNeeded: key.count)
        let bytes = key.bytes
        var position = 0
        while position &+ 8 <= key.count {
            // Checked by the condition above; a checked load would cost as much as the rest of the round.
            hash = mix(hash ^ bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt64.self))
            position &+= 8
        }
        var rest: UInt64 = 0
        while position < key.count {
            rest = rest << 8 | UInt64(key[position])
            position &+= 1
        }
        return mix(mix(hash ^ rest))
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        let product = (value ^ 0x9E37_79B9_7F4A_7C15) &* 0xFF51_AFD7_ED55_8CCD
        return product ^ product >> 32
    }
}
