extension ConversionEvent {
    /// The body is a CloudEvent in structured mode: the event is its `data`; its `id` and `time` stand in for the event's.
    mutating func readEnvelope(_ scanner: inout JSONScanner, _ body: Span<UInt8>) throws(ScanFault) {
        begin(&scanner)
        scanner.skipWhitespace(body)
        let start = scanner.position
        var seen: UInt32 = 0
        var dataStart: Int?
        var (id, time): (ByteRange?, ByteRange?)
        var (idOffset, timeOffset) = (0, 0)

        var more = try scanner.enterObject(body)
        while more {
            let keyOffset = scanner.position
            let key = try scanner.scanKey(body, in: EnvelopeKey.table)
            let offset = scanner.position
            if let key {
                guard seen & key.mask == 0 else { throw ScanFault(.duplicateKey, at: keyOffset) }
                seen |= key.mask
            }
            switch key {
            case .specVersion: try readSpecVersion(&scanner, body)
            case .data:
                guard scanner.next(body) == UInt8(ascii: "{") else {
                    throw try scanner.mismatch(.dataNotAnObject, body)
                }
                dataStart = offset
                try readFields(&scanner, body)
            case .id: (id, idOffset) = (try scanner.scanText(.notAString, body), offset)
            case .time: (time, timeOffset) = (try scanner.scanOptionalText(body), offset)
            case .dataBase64 where scanner.next(body) != UInt8(ascii: "n"): throw ScanFault(.binaryData, at: offset)
            default: try scanner.skipValue(body)
            }
            more = try scanner.nextMember(body)
        }
        try finishBody(&scanner, body)
        guard let dataStart else { throw ScanFault(.missingData, at: start) }

        if let id, ranges[.id].isAbsent {
            try scanner.checkIdentifier(id, mayBeEmpty: false, at: idOffset)
            ranges[.id] = id
        }
        if let time, ranges[.occurredAt].isAbsent {
            occurredAt = try scanner.dateTime(time, at: timeOffset)
            ranges[.occurredAt] = time
        }
        try complete(&scanner, documentStart: dataStart)
    }

    private func readSpecVersion(_ scanner: inout JSONScanner, _ body: Span<UInt8>) throws(ScanFault) {
        let offset = scanner.position
        let version = try scanner.scanText(.unsupportedSpecVersion, body)
        guard scanner.storage[version.indices].elementsEqual("1.0".utf8) else {
            throw ScanFault(.unsupportedSpecVersion, at: offset)
        }
    }

    /// The attributes of a CloudEvent in binary mode: `id` and `time` stand in for the event's.
    mutating func adopt(_ attributes: CloudEventAttributes, _ scanner: inout JSONScanner) throws(ScanFault) {
        if let id = attributes.id, ranges[.id].isAbsent {
            let range = scanner.append(id)
            do throws(Identifier.Fault) {
                guard String(validating: id, as: UTF8.self) != nil else { throw .notUTF8 }
                try Identifier.check(scanner.storage.span.extracting(range.indices))
            } catch {
                throw ScanFault(.badIDAttribute(error), at: 0)
            }
            ranges[.id] = range
        }
        if let time = attributes.time, ranges[.occurredAt].isAbsent {
            let range = scanner.append(time)
            do throws(RFC3339.Fault) {
                occurredAt = try RFC3339.milliseconds(scanner.storage.span.extracting(range.indices))
            } catch {
                throw ScanFault(.badTimeAttribute(error), at: 0)
            }
            ranges[.occurredAt] = range
        }
    }
}
