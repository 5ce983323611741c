package import Conversion

extension Postback {
    /// Appends the idempotency key, `EVENT_ID/ROUTE_KEY`. An id may hold any character; what a header may not, every
    /// byte but visible ASCII, becomes `%XX`.
    package func appendIdempotencyKey(of event: borrowing ConversionEvent, to buffer: inout [UInt8]) {
        if let id = event.range(of: .id)?.indices {
            for byte in event.storage[id] {
                if byte > 0x20, byte < 0x7F {
                    buffer.append(byte)
                } else {
                    Hexadecimal.appendEscape(of: byte, to: &buffer)
                }
            }
        }
        buffer.append(UInt8(ascii: "/"))
        appendKey(to: &buffer)
    }
}
