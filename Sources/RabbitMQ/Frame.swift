/// How a frame of AMQP 0-9-1 is written: kind, channel, size, payload, end (section 2.3.5). The library makes a system
/// call of each frame; where there are many, we write them into one buffer and send that (`Connection.send`).
enum Frame: UInt8 {
    case method = 1
    case header = 2
    case body = 3

    static let end: UInt8 = 0xCE
    /// Bytes of a frame besides its payload.
    static let overhead = 8
}

extension [UInt8] {
    /// Opens a frame on our channel.
    /// - Returns: where it begins, for `endFrame`.
    mutating func beginFrame(_ kind: Frame, size: Int = 0) -> Int {
        let start = count
        append(kind.rawValue)
        appendNumber(UInt16(Connection.channel))
        appendNumber(UInt32(truncatingIfNeeded: size))
        return start
    }

    /// Closes the frame that began there: its payload is what was written since.
    mutating func endFrame(_ start: Int) {
        store(UInt32(truncatingIfNeeded: count - start - 7), at: start + 3)
        append(Frame.end)
    }

    /// A number of fixed width in network order.
    mutating func appendNumber(_ value: some FixedWidthInteger & UnsignedInteger) {
        for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// Up to 255 bytes after their number; what is longer is cut.
    mutating func appendShortString(_ text: String) {
        let bytes = text.utf8.prefix(255)
        append(UInt8(bytes.count))
        append(contentsOf: bytes)
    }

    /// Writes a number over what stands there.
    mutating func store<Number: FixedWidthInteger & UnsignedInteger>(_ value: Number, at index: Int) {
        for place in 0..<Number.bitWidth / 8 {
            self[index + place] = UInt8(truncatingIfNeeded: value >> (Number.bitWidth - 8 - 8 * place))
        }
    }
}
