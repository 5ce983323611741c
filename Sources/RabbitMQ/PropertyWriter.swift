/// Writes the basic properties of a publication: those of the message it continues, byte for byte but for what
/// `PropertyFilter` refuses, and our headers (AMQP 0-9-1 section 4.2.6.1, RabbitMQ's field kinds). Pure.
///
/// They are copied as they are and not decoded: that costs a tenth, and keeps what we know no type for.
struct PropertyWriter {
    /// Tells which message came back: `basic.return` has no delivery tag, and confirms do not name the message.
    static let publishIDHeader = "x-postback-publish-id"

    private enum Flag {
        static let contentType: UInt16 = 1 << 15
        static let headers: UInt16 = 1 << 13
        static let deliveryMode: UInt16 = 1 << 12
        static let expiration: UInt16 = 1 << 8
        static let timestamp: UInt16 = 1 << 6
        static let userID: UInt16 = 1 << 4
        /// None of ours, or more flags to come: nothing that a broker sends.
        static let unknown: UInt16 = 0b11
    }

    let request: PublishRequest
    let publishID: UInt64

    /// Appends flags and properties.
    func write(to bytes: inout [UInt8]) {
        let start = bytes.count
        if !request.properties.isEmpty, continueProperties(to: &bytes) { return }
        bytes.removeSubrange(start...)
        bytes.appendNumber(Flag.contentType | Flag.headers | Flag.deliveryMode)
        bytes.appendShortString("application/json")
        writeHeaders(after: nil, to: &bytes)
        bytes.append(2)
    }

    /// - Returns: false when they cannot be read; what was written is then of no use.
    private func continueProperties(to bytes: inout [UInt8]) -> Bool {
        var source = FieldReader(request.properties)
        guard let flags = source.number(UInt16.self), flags & Flag.unknown == 0 else { return false }
        // A message that expires, or one in another user's name, would be lost or refused.
        let kept = flags & ~(Flag.expiration | Flag.userID)
        bytes.appendNumber(kept | Flag.headers | Flag.deliveryMode)
        for bit in stride(from: 15, through: 2, by: -1) {
            let flag = UInt16(1) << UInt16(bit)
            let isThere = flags & flag != 0
            switch flag {
            case Flag.headers:
                guard let table = isThere ? source.longBytes() : source.nothing else { return false }
                guard writeHeaders(after: table, to: &bytes) else { return false }
            case Flag.deliveryMode:
                // Persistent, whatever it was.
                if isThere, source.number(UInt8.self) == nil { return false }
                bytes.append(2)
            case _ where !isThere: continue
            case 1 << 11:
                guard let priority = source.number(UInt8.self) else { return false }
                bytes.append(priority)
            case Flag.timestamp:
                guard let time = source.number(UInt64.self) else { return false }
                bytes.appendNumber(time)
            default:
                guard let text = source.shortBytes() else { return false }
                if kept & flag == 0 { continue }
                bytes.append(UInt8(text.count))
                bytes.append(contentsOf: text)
            }
        }
        return true
    }

    /// - Returns: false when the old table cannot be read.
    @discardableResult
    private func writeHeaders(after old: ArraySlice<UInt8>?, to bytes: inout [UInt8]) -> Bool {
        let start = bytes.count
        bytes.appendNumber(UInt32(0))
        if let old {
            var source = FieldReader(old)
            while !source.isAtEnd {
                let entryStart = source.position
                guard let name = source.shortBytes(), source.skipValue() else { return false }
                if PropertyFilter.allows(name), !isReplaced(name) {
                    bytes.append(contentsOf: old[entryStart..<source.position])
                }
            }
        }
        for header in request.headers {
            if let value = header.value { bytes.appendEntry(header.name, value) }
        }
        bytes.appendEntry(Self.publishIDHeader, .integer(Int64(clamping: publishID)))
        bytes.store(UInt32(truncatingIfNeeded: bytes.count - start - 4), at: start)
        return true
    }

    private func isReplaced(_ name: ArraySlice<UInt8>) -> Bool {
        request.headers.contains { Self.isEqual($0.name, name) } || Self.isEqual(Self.publishIDHeader, name)
    }

    private static func isEqual(_ text: String, _ name: ArraySlice<UInt8>) -> Bool {
        text.utf8.count == name.count && text.utf8.elementsEqual(name)
    }
}

extension [UInt8] {
    /// One entry of a field table.
    fileprivate mutating func appendEntry(_ name: String, _ value: FieldValue) {
        appendShortString(name)
        switch value {
        case .text(let text):
            append(UInt8(ascii: "S"))
            appendNumber(UInt32(truncatingIfNeeded: text.utf8.count))
            append(contentsOf: text.utf8)
        case .bytes(let raw):
            append(UInt8(ascii: "S"))
            appendNumber(UInt32(truncatingIfNeeded: raw.count))
            append(contentsOf: raw)
        case .integer(let number):
            append(UInt8(ascii: "l"))
            appendNumber(UInt64(bitPattern: number))
        case .boolean(let flag):
            append(UInt8(ascii: "t"))
            append(flag ? 1 : 0)
        case .timestamp(let seconds):
            append(UInt8(ascii: "T"))
            appendNumber(seconds)
        case .table(let entries):
            append(UInt8(ascii: "F"))
            let start = count
            appendNumber(UInt32(0))
            for entry in entries { appendEntry(entry.name, entry.value) }
            store(UInt32(truncatingIfNeeded: count - start - 4), at: start)
        }
    }
}
