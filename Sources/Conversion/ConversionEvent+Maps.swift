extension ConversionEvent {
    /// Up to here names are compared with each other directly; beyond, a set keeps a hostile event from costing squares.
    private static let fewEntries = 64

    /// Reads `sub_ids`: an object of strings; `null` is the same as leaving the entry out.
    mutating func readSubIDs(_ scanner: inout JSONScanner, _ body: Span<UInt8>) throws(ScanFault) {
        let start = scanner.position
        guard scanner.next(body) == UInt8(ascii: "{") else { throw try scanner.mismatch(.notAMap, body) }
        var more = try scanner.enterObject(body)
        while more {
            let keyOffset = scanner.position
            let name = try scanner.scanKey(body)
            if scanner.next(body) == UInt8(ascii: "n") {
                _ = try scanner.scanLiteral(body)
            } else {
                let entry = NamedRange(name: name, value: try scanner.scanText(.notAString, body))
                try add(entry, to: &subIDs, keyOffset: keyOffset, scanner)
            }
            more = try scanner.nextMember(body)
        }
        try checkUnique(subIDs, offset: start, scanner)
    }

    /// Reads `parameters`: an object of strings, numbers and booleans; `null` is the same as leaving the entry out.
    /// Objects and lists are kept in the body, where a JSON Pointer finds what is in them, and are no token's value.
    mutating func readParameters(_ scanner: inout JSONScanner, _ body: Span<UInt8>) throws(ScanFault) {
        let start = scanner.position
        guard scanner.next(body) == UInt8(ascii: "{") else { throw try scanner.mismatch(.notAMap, body) }
        var more = try scanner.enterObject(body)
        while more {
            let keyOffset = scanner.position
            let name = try scanner.scanKey(body)
            if let value = try scanner.scanParameter(body) {
                try add(NamedRange(name: name, value: value), to: &parameters, keyOffset: keyOffset, scanner)
            }
            more = try scanner.nextMember(body)
        }
        try checkUnique(parameters, offset: start, scanner)
    }

    private func add(
        _ entry: NamedRange,
        to entries: inout [NamedRange],
        keyOffset: Int,
        _ scanner: borrowing JSONScanner
    ) throws(ScanFault) {
        if entries.count < Self.fewEntries {
            let storage = scanner.storage.span
            for other in entries where other.name.count == entry.name.count {
                let (a, b) = (Int(other.name.start), Int(entry.name.start))
                var index = 0
                while index < Int(entry.name.count), storage[a + index] == storage[b + index] { index += 1 }
                if index == Int(entry.name.count) { throw ScanFault(.duplicateKey, at: keyOffset) }
            }
        }
        entries.append(entry)
    }

    private func checkUnique(
        _ entries: [NamedRange],
        offset: Int,
        _ scanner: borrowing JSONScanner
    ) throws(ScanFault) {
        guard entries.count > Self.fewEntries else { return }
        var names: Set<[UInt8]> = []
        for entry in entries where !names.insert(Array(scanner.storage[entry.name.indices])).inserted {
            throw ScanFault(.duplicateEntry, at: offset)
        }
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
