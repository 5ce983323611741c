/// Reads what `AMQPWriter` writes; past the end it reads zeros, which a test then sees.
struct AMQPReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func raw(_ count: Int) -> [UInt8] {
        let taken = Array(rest.prefix(count))
        rest = rest.dropFirst(count)
        return taken
    }

    mutating func number(_ width: Int) -> UInt64 { raw(width).reduce(0) { $0 << 8 | UInt64($1) } }
    mutating func octet() -> UInt8 { UInt8(number(1)) }
    mutating func short() -> UInt16 { UInt16(number(2)) }
    mutating func long() -> UInt32 { UInt32(number(4)) }
    mutating func shortString() -> String { String(decoding: raw(Int(octet())), as: UTF8.self) }
    mutating func longString() -> String { String(decoding: raw(Int(long())), as: UTF8.self) }

    /// A field table with the kinds that we send: text, 64-bit integers, booleans, tables.
    mutating func table() -> [String: String] {
        var inner = AMQPReader(raw(Int(long())))
        var entries: [String: String] = [:]
        while !inner.isAtEnd {
            let name = inner.shortString()
            switch Character(Unicode.Scalar(inner.octet())) {
            case "S": entries[name] = inner.longString()
            case "l": entries[name] = "\(Int64(bitPattern: inner.number(8)))"
            case "t": entries[name] = inner.octet() != 0 ? "true" : "false"
            case "F": for (key, value) in inner.table() { entries["\(name).\(key)"] = value }
            case let kind:
                entries[name] = "kind \(kind)"
                return entries
            }
        }
        return entries
    }
}

/// The basic properties of a message that a client published.
struct PublishedProperties: Equatable {
    var contentType: String?
    var contentEncoding: String?
    var headers: [String: String] = [:]
    var deliveryMode: UInt8?
    var priority: UInt8?
    var correlationID: String?
    var replyTo: String?
    var expiration: String?
    var messageID: String?
    var timestamp: UInt64?
    var type: String?
    var userID: String?
    var appID: String?

    init(_ reader: inout AMQPReader) {
        let flags = reader.short()
        if flags & 1 << 15 != 0 { contentType = reader.shortString() }
        if flags & 1 << 14 != 0 { contentEncoding = reader.shortString() }
        if flags & 1 << 13 != 0 { headers = reader.table() }
        if flags & 1 << 12 != 0 { deliveryMode = reader.octet() }
        if flags & 1 << 11 != 0 { priority = reader.octet() }
        if flags & 1 << 10 != 0 { correlationID = reader.shortString() }
        if flags & 1 << 9 != 0 { replyTo = reader.shortString() }
        if flags & 1 << 8 != 0 { expiration = reader.shortString() }
        if flags & 1 << 7 != 0 { messageID = reader.shortString() }
        if flags & 1 << 6 != 0 { timestamp = reader.number(8) }
        if flags & 1 << 5 != 0 { type = reader.shortString() }
        if flags & 1 << 4 != 0 { userID = reader.shortString() }
        if flags & 1 << 3 != 0 { appID = reader.shortString() }
    }
}
