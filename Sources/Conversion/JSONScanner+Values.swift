extension JSONScanner {
    /// What a key of the text stands for in `table`; a key with escapes is compared by what it spells.
    @inline(__always)
    func look<Value>(up key: ByteRange, in table: KeyTable<Value>, _ text: Span<UInt8>) -> Value? {
        if Int(key.start) < text.count { return table.value(of: key, in: text) }
        return table.value(of: key, in: storage.span)
    }

    /// Reads a key and its colon like `scanKey`, and says what the key stands for in `table`.
    @inline(__always)
    mutating func scanKey<Value>(
        _ text: Span<UInt8>,
        in table: KeyTable<Value>
    ) throws(ScanFault) -> Value? {
        let start = position &+ 1
        // The usual key is plain ASCII of at most 15 bytes and its end shows in the two words the table compares anyway.
        if start &+ 17 <= text.count {
            let raw = text.bytes
            let low = UInt64(littleEndian: raw.unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: UInt64.self))
            var odd = Self.oddBytes(low)
            if odd != 0 {
                let bits = UInt64(truncatingIfNeeded: odd.trailingZeroBitCount) &- 7
                let count = Int(truncatingIfNeeded: bits &>> 3)
                if count > 0, text[start &+ count] == UInt8(ascii: "\""), finishKey(text, at: start &+ count) {
                    return table.value(low: low & ((1 &<< bits) &- 1), high: 0, count: count)
                }
            } else {
                let high = UInt64(
                    littleEndian: raw.unsafeLoadUnaligned(fromUncheckedByteOffset: start &+ 8, as: UInt64.self)
                )
                odd = Self.oddBytes(high)
                let bits = UInt64(truncatingIfNeeded: odd.trailingZeroBitCount) &- 7
                let count = 8 &+ Int(truncatingIfNeeded: bits &>> 3)
                if odd != 0, text[start &+ count] == UInt8(ascii: "\""), finishKey(text, at: start &+ count) {
                    return table.value(low: low, high: high & ((1 &<< bits) &- 1), count: count)
                }
            }
        }
        // Bound first: `look` must see the storage after the key was written there.
        let key = try scanKey(text)
        return look(up: key, in: table, text)
    }

    /// Steps over a key's closing quotation mark at `end` and a colon with the value right behind; false if that is not
    /// what is there, and nothing was done.
    @inline(__always)
    private mutating func finishKey(_ text: Span<UInt8>, at end: Int) -> Bool {
        guard end &+ 2 < text.count, text[end &+ 1] == UInt8(ascii: ":"), text[end &+ 2] > 0x20 else { return false }
        position = end &+ 2
        return true
    }

    /// Reads a string; any other value is refused for `reason`.
    mutating func scanText(_ reason: ScanFault.Reason, _ text: Span<UInt8>) throws(ScanFault) -> ByteRange {
        guard next(text) == UInt8(ascii: "\"") else { throw try mismatch(reason, text) }
        return try scanString(text)
    }

    /// A string, or nil for `null`.
    mutating func scanOptionalText(_ text: Span<UInt8>) throws(ScanFault) -> ByteRange? {
        guard next(text) == UInt8(ascii: "n") else { return try scanText(.notAString, text) }
        _ = try scanLiteral(text)
        return nil
    }

    /// The fault for a value of the wrong kind: if it is no JSON at all, that is told instead.
    mutating func mismatch(_ reason: ScanFault.Reason, _ text: Span<UInt8>) throws(ScanFault) -> ScanFault {
        let offset = position
        try skipValue(text)
        return ScanFault(reason, at: offset)
    }

    mutating func scanBoolean(_ text: Span<UInt8>) throws(ScanFault) -> Bool {
        guard next(text) == UInt8(ascii: "t") || next(text) == UInt8(ascii: "f") else {
            throw try mismatch(.notABoolean, text)
        }
        return try scanLiteral(text) == .true
    }

    /// A string, or a whole number without sign, whose digits are the id.
    mutating func scanStringOrInteger(_ text: Span<UInt8>) throws(ScanFault) -> ByteRange {
        let offset = position
        switch next(text) {
        case UInt8(ascii: "\""): return try scanString(text)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let number = try scanNumber(text)
            guard number.isWhole else { throw ScanFault(.notWholeNumber, at: offset) }
            return number.range
        default: throw try mismatch(.notAStringOrInteger, text)
        }
    }

    /// 1 to 200 characters, not all of them spaces, none a control character: ids become keys, headers and log lines.
    func checkIdentifier(_ range: ByteRange, mayBeEmpty: Bool, at offset: Int) throws(ScanFault) {
        if mayBeEmpty, range.count == 0 { return }
        do throws(Identifier.Fault) {
            try Identifier.check(storage.span.extracting(range.indices))
        } catch {
            throw ScanFault(.badIdentifier(error), at: offset)
        }
    }

    func dateTime(_ range: ByteRange, at offset: Int) throws(ScanFault) -> Int64 {
        do throws(RFC3339.Fault) {
            return try RFC3339.milliseconds(storage.span.extracting(range.indices))
        } catch {
            throw ScanFault(.badDateTime(error), at: offset)
        }
    }

    /// Puts a default behind the text.
    mutating func append(_ value: StaticString) -> ByteRange {
        let start = storage.count
        storage.append(contentsOf: UnsafeBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
        return ByteRange(start, storage.count)
    }

    /// Puts an attribute of a CloudEvent behind the text.
    mutating func append(_ bytes: [UInt8]) -> ByteRange {
        let start = storage.count
        storage.append(contentsOf: bytes)
        return ByteRange(start, storage.count)
    }

    /// Puts an amount behind the text.
    mutating func append(_ amount: DecimalAmount) -> ByteRange {
        let start = storage.count
        amount.append(to: &storage)
        return ByteRange(start, storage.count)
    }
}
