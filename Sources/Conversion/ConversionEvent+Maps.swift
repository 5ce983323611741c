extension ConversionEvent {
    /// Reads `sub_ids`: an object of strings; `null` is the same as leaving the entry out.
    mutating func readSubIDs(_ scanner: inout JSONScanner, _ body: Span<UInt8>) throws(ScanFault) {
        guard scanner.next(body) == UInt8(ascii: "{") else { throw try scanner.mismatch(.notAMap, body) }
        var names = NameTable()
        var more = try scanner.enterObject(body)
        while more {
            let keyOffset = scanner.position
            let name = try scanner.scanKey(body)
            if scanner.next(body) == UInt8(ascii: "n") {
                _ = try scanner.scanLiteral(body)
            } else {
                let entry = NamedRange(name: name, value: try scanner.scanText(.notAString, body))
                try add(entry, to: &subIDs, &names, keyOffset: keyOffset, scanner)
            }
            more = try scanner.nextMember(body)
        }
    }

    /// Reads `parameters`: an object of strings, numbers and booleans; `null` is the same as leaving the entry out.
    /// Objects and lists are kept in the body, where a JSON Pointer finds what is in them, and are no token's value.
    mutating func readParameters(_ scanner: inout JSONScanner, _ body: Span<UInt8>) throws(ScanFault) {
        guard scanner.next(body) == UInt8(ascii: "{") else { throw try scanner.mismatch(.notAMap, body) }
        var names = NameTable()
        var more = try scanner.enterObject(body)
        while more {
            let keyOffset = scanner.position
            let name = try scanner.scanKey(body)
            if let value = try scanner.scanParameter(body) {
                let entry = NamedRange(name: name, value: value)
                try add(entry, to: &parameters, &names, keyOffset: keyOffset, scanner)
            }
            more = try scanner.nextMember(body)
        }
    }

    private func add(
        _ entry: NamedRange,
        to entries: inout [NamedRange],
        _ names: inout NameTable,
        keyOffset: Int,
        _ scanner: borrowing JSONScanner
    ) throws(ScanFault) {
        guard names.insert(entry.name, after: entries, scanner.storage.span) else {
            throw ScanFault(.duplicateKey, at: keyOffset)
        }
        entries.append(entry)
    }
}

extension JSONScanner {
    /// The range of a string, number or boolean as it is written; nil for `null`, an object or a list.
    fileprivate mutating func scanParameter(_ text: Span<UInt8>) throws(ScanFault) -> ByteRange? {
        let start = position
        switch next(text) {
        case UInt8(ascii: "\""): return try scanString(text)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try scanNumber(text).range
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            try skipValue(text)
            return nil
        default: return try scanLiteral(text) == .null ? nil : ByteRange(start, position)
        }
    }
}
