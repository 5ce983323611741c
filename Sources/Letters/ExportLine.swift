/// A body as one line of NDJSON: what `publish` reads back. Pure.
package enum ExportLine {
    /// The body as it is when it has no line end; else without the blanks that stand between its values, so that
    /// numbers and strings stay byte for byte. Nil when a line end stands inside a string, which no JSON has.
    package static func make(_ body: [UInt8]) -> [UInt8]? {
        if !body.contains(where: isLineEnd) { return body }
        var line: [UInt8] = []
        line.reserveCapacity(body.count)
        var isInString = false
        var isEscaped = false
        for byte in body {
            if isInString {
                if isLineEnd(byte) { return nil }
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                line.append(byte)
            } else if byte != 0x20, byte != 0x09, !isLineEnd(byte) {
                isInString = byte == UInt8(ascii: "\"")
                line.append(byte)
            }
        }
        return isInString ? nil : line
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}
