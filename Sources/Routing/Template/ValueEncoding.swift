/// Writes one value so that it cannot leave the place it stands in.
enum ValueEncoding {
    /// The most bytes a place puts around a value, or instead of one: `null`.
    static let frame = 4

    /// Writes a value the way its token's place asks for. `out` must have room for the place's growth and the frame.
    static func write(_ value: Span<UInt8>, _ token: TemplatePool.TokenCode, into out: inout OutputSpan<UInt8>) {
        switch token.place {
        case .path, .query: percent(value, blankAsPlus: false, into: &out)
        case .form: percent(value, blankAsPlus: true, into: &out)
        case .jsonString: json(value, into: &out)
        case .jsonValue: jsonValue(value, isBare: token.isBareInJSON, into: &out)
        case .text, .header: plain(value, into: &out)
        }
    }

    /// RFC 3986: unreserved characters as they are, every other byte as `%XX`; a form writes a blank as `+`.
    /// `out` must have room for three bytes per byte.
    static func percent(_ value: Span<UInt8>, blankAsPlus: Bool, into out: inout OutputSpan<UInt8>) {
        // Every byte of every delivery's URL comes through here: one check of the room, then none per byte.
        precondition(out.freeCapacity >= value.count * 3)
        out.withUnsafeMutableBufferPointer { target, count in
            value.withUnsafeBytes { source in
                var end = count
                var read = 0
                while read < source.count {
                    if read &+ 8 <= source.count {
                        // Eight at a time: all are copied, and those in front of the first that may not stay count.
                        let word = source.loadUnaligned(fromByteOffset: read, as: UInt64.self)
                        UnsafeMutableRawPointer(target.baseAddress.unsafelyUnwrapped + end)
                            .storeBytes(of: word, as: UInt64.self)
                        let kept = URICharacters.unreservedPrefix(UInt64(littleEndian: word))
                        read &+= kept
                        end &+= kept
                        if kept == 8 { continue }
                    }
                    let byte = source[read]
                    read &+= 1
                    if URICharacters.isUnreserved(byte) {
                        target[end] = byte
                        end &+= 1
                    } else if blankAsPlus, byte == 0x20 {
                        target[end] = UInt8(ascii: "+")
                        end &+= 1
                    } else {
                        target[end] = UInt8(ascii: "%")
                        target[end &+ 1] = Hexadecimal.digit(byte >> 4)
                        target[end &+ 2] = Hexadecimal.digit(byte & 15)
                        end &+= 3
                    }
                }
                count = end
            }
        }
    }

    /// The inside of a JSON string (RFC 8259, section 7). `out` must have room for six bytes per byte.
    static func json(_ value: Span<UInt8>, into out: inout OutputSpan<UInt8>) {
        for i in value.indices {
            let byte = value[i]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                out.append(UInt8(ascii: "\\"))
                out.append(byte)
            case 0x0A: pair(UInt8(ascii: "n"), &out)
            case 0x0D: pair(UInt8(ascii: "r"), &out)
            case 0x09: pair(UInt8(ascii: "t"), &out)
            case 0..<0x20, 0x7F:
                pair(UInt8(ascii: "u"), &out)
                out.append(UInt8(ascii: "0"))
                out.append(UInt8(ascii: "0"))
                out.append(Hexadecimal.digit(byte >> 4))
                out.append(Hexadecimal.digit(byte & 15))
            default: out.append(byte)
            }
        }
    }

    /// A whole JSON value: `null` for an empty one; a number or a boolean as it is where `isBare` allows it, and
    /// anything else as a string.
    static func jsonValue(_ value: Span<UInt8>, isBare: Bool, into out: inout OutputSpan<UInt8>) {
        if value.isEmpty {
            for byte in "null".utf8 { out.append(byte) }
        } else if isBare, JSONNumber.matches(value) || JSONNumber.isBoolean(value) {
            plain(value, into: &out)
        } else {
            out.append(UInt8(ascii: "\""))
            json(value, into: &out)
            out.append(UInt8(ascii: "\""))
        }
    }

    /// The bytes as they are; `out` must have room for them.
    static func plain(_ value: Span<UInt8>, into out: inout OutputSpan<UInt8>) {
        // Literals make up half of a URL: one block move each.
        precondition(out.freeCapacity >= value.count)
        out.withUnsafeMutableBufferPointer { target, count in
            value.withUnsafeBufferPointer { source in
                _ = target[count...].update(fromContentsOf: source)
                count += source.count
            }
        }
    }

    /// Whether a header's value may hold all of it: no CR, LF, NUL or other control character but a tab.
    static func isSafeInHeader(_ value: Span<UInt8>) -> Bool {
        for i in value.indices where (value[i] < 0x20 && value[i] != 0x09) || value[i] == 0x7F { return false }
        return true
    }

    private static func pair(_ letter: UInt8, _ out: inout OutputSpan<UInt8>) {
        out.append(UInt8(ascii: "\\"))
        out.append(letter)
    }
}
