extension ConversionEvent {
    /// Reads the event's own object; `position` is on its bracket.
    mutating func readFields(_ scanner: inout JSONScanner, _ body: Span<UInt8>) throws(ScanFault) {
        let table = EventKey.table
        var more = try scanner.enterObject(body)
        while more {
            let keyOffset = scanner.position
            let key = try scanner.scanKey(body, in: table)
            if key == .specVersion, scanner.depth == 1 { throw ScanFault(.isCloudEvent, at: keyOffset) }
            if let key, key != .specVersion {
                try note(key.mask, at: keyOffset)
                try read(key, &scanner, body)
            } else {
                try scanner.skipValue(body)
            }
            more = try scanner.nextMember(body)
        }
    }

    /// A known key may stand once: which of two amounts would be right?
    mutating func note(_ mask: UInt32, at keyOffset: Int) throws(ScanFault) {
        guard seenKeys & mask == 0 else { throw ScanFault(.duplicateKey, at: keyOffset) }
        seenKeys |= mask
    }

    private mutating func read(
        _ key: EventKey,
        _ scanner: inout JSONScanner,
        _ body: Span<UInt8>
    ) throws(ScanFault) {
        // `null` is the same as leaving the field out.
        if scanner.next(body) == UInt8(ascii: "n") {
            _ = try scanner.scanLiteral(body)
            return
        }
        switch key {
        case .field(let field): try read(field, &scanner, body)
        case .payout: try readPayout(&scanner, body)
        case .subIDs: try readSubIDs(&scanner, body)
        case .parameters: try readParameters(&scanner, body)
        case .test: isTest = try scanner.scanBoolean(body)
        case .specVersion: try scanner.skipValue(body)
        }
    }

    private mutating func read(
        _ field: EventField,
        _ scanner: inout JSONScanner,
        _ body: Span<UInt8>
    ) throws(ScanFault) {
        let offset = scanner.position
        let range: ByteRange
        switch field {
        case .publisherID, .offerID, .smartlinkID: range = try scanner.scanStringOrInteger(body)
        default: range = try scanner.scanText(.notAString, body)
        }
        switch field {
        case .id, .publisherID: try scanner.checkIdentifier(range, mayBeEmpty: false, at: offset)
        case .offerID, .smartlinkID: try scanner.checkIdentifier(range, mayBeEmpty: true, at: offset)
        case .status:
            guard let known = ConversionStatus.table.value(of: range, in: scanner.storage.span) else {
                throw ScanFault(.unknownStatus, at: offset)
            }
            status = known
        case .occurredAt: occurredAt = try scanner.dateTime(range, at: offset)
        case .clickedAt: clickedAt = try scanner.dateTime(range, at: offset)
        default: break
        }
        ranges[field] = range
    }
}
