extension ConversionEvent {
    /// A buffer that grew beyond this (a body far over the limit was refused) is given back.
    private static let keptCapacity = 4 * bodyLimit

    /// Reads an event from a message's body; `cloudEvent` are the attributes of a CloudEvent in binary mode. A CloudEvent in
    /// structured mode is recognised by its `specversion`.
    ///
    /// The body is copied first: after a throw, `storage[0..<bodyCount]` still holds it. Throws the first fault in the
    /// order of the text; what is missing is told last.
    package mutating func decode(
        _ body: Span<UInt8>,
        cloudEvent: CloudEventAttributes? = nil
    ) throws(EventFault) {
        // The scanner owns the buffers while it works: moved in and out, never copied.
        var scanner = JSONScanner()
        swap(&scanner.storage, &storage)
        swap(&scanner.unescaped, &unescaped)
        if scanner.storage.capacity > Self.keptCapacity { scanner.storage = [] }
        scanner.storage.removeAll(keepingCapacity: true)
        // An array takes a whole span only from a buffer.
        body.withUnsafeBufferPointer { scanner.storage.append(contentsOf: $0) }
        bodyCount = body.count

        var failure: ScanFault?
        do throws(ScanFault) {
            try checkWhole(body)
            do throws(ScanFault) {
                try readPlain(&scanner, body, cloudEvent)
            } catch {
                // What looks wrong in an event may be right in an envelope: `id`, `type` and others mean something else.
                guard Self.hasSpecVersion(body) else { throw error }
                try readEnvelope(&scanner, body)
            }
        } catch {
            failure = error
            documentStart = nil
        }
        swap(&scanner.storage, &storage)
        swap(&scanner.unescaped, &unescaped)
        if let failure { throw EventFault(failure, body: body, cloudEvent: cloudEvent) }
    }

    private func checkWhole(_ body: Span<UInt8>) throws(ScanFault) {
        if body.isEmpty { throw ScanFault(.emptyBody, at: 0) }
        if body.count > Self.bodyLimit { throw ScanFault(.bodyTooLarge, at: Self.bodyLimit) }
        // U+FEFF in UTF-8, or either order of UTF-16.
        let isUTF8Mark = body.count >= 3 && body[0] == 0xEF && body[1] == 0xBB && body[2] == 0xBF
        let isUTF16Mark = body.count >= 2 && (body[0] == 0xFE && body[1] == 0xFF || body[0] == 0xFF && body[1] == 0xFE)
        if isUTF8Mark || isUTF16Mark { throw ScanFault(.byteOrderMark, at: 0) }
    }

    /// The body is the event.
    private mutating func readPlain(
        _ scanner: inout JSONScanner,
        _ body: Span<UInt8>,
        _ cloudEvent: CloudEventAttributes?
    ) throws(ScanFault) {
        begin(&scanner)
        scanner.skipWhitespace(body)
        guard scanner.next(body) == UInt8(ascii: "{") else { throw ScanFault(.notAnObject, at: scanner.position) }
        let start = scanner.position
        try readFields(&scanner, body)
        try finishBody(&scanner, body)
        if let cloudEvent { try adopt(cloudEvent, &scanner) }
        try complete(&scanner, documentStart: start)
    }

    /// Starts from the front, with only the body in `storage`.
    mutating func begin(_ scanner: inout JSONScanner) {
        reset()
        scanner.position = 0
        scanner.depth = 0
        if scanner.storage.count > bodyCount { scanner.storage.removeSubrange(bodyCount...) }
        if !scanner.unescaped.isEmpty { scanner.unescaped.removeAll(keepingCapacity: true) }
    }

    func finishBody(_ scanner: inout JSONScanner, _ body: Span<UInt8>) throws(ScanFault) {
        scanner.skipWhitespace(body)
        guard scanner.position == body.count else { throw ScanFault(.trailingBytes, at: scanner.position) }
    }

    /// Refuses an event without what it must have, and fills in the defaults.
    mutating func complete(_ scanner: inout JSONScanner, documentStart start: Int) throws(ScanFault) {
        if ranges[.id].isAbsent { throw ScanFault(.missing(.id), at: start) }
        if ranges[.publisherID].isAbsent { throw ScanFault(.missing(.publisherID), at: start) }
        if ranges[.type].isAbsent { ranges[.type] = scanner.append("conversion") }
        if ranges[.status].isAbsent { ranges[.status] = scanner.append("approved") }
        documentStart = start
    }

    private static func hasSpecVersion(_ body: Span<UInt8>) -> Bool {
        var scanner = JSONScanner()
        // Escaped keys must come to stand behind the text.
        scanner.storage.append(contentsOf: repeatElement(0, count: body.count))
        scanner.skipWhitespace(body)
        guard scanner.next(body) == UInt8(ascii: "{"), var more = try? scanner.enterObject(body) else { return false }
        while more {
            // Two layers of nil: a fault, and a key that is not known.
            guard let key = try? .some(scanner.scanKey(body, in: EventKey.table)) else { return false }
            if key == .specVersion { return true }
            guard (try? scanner.skipValue(body)) != nil, let goesOn = try? scanner.nextMember(body) else {
                return false
            }
            more = goesOn
        }
        return false
    }
}

extension InlineArray<22, ByteRange> {
    subscript(field: EventField) -> ByteRange {
        get { self[Int(field.rawValue)] }
        set { self[Int(field.rawValue)] = newValue }
    }
}
