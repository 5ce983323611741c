extension ConversionEvent {
    /// Reads `payout`; `position` is on its value. The amount must be there, the currency may be left out.
    mutating func readPayout(_ scanner: inout JSONScanner, _ body: Span<UInt8>) throws(ScanFault) {
        let start = scanner.position
        guard scanner.next(body) == UInt8(ascii: "{") else { throw try scanner.mismatch(.notAPayout, body) }
        var more = try scanner.enterObject(body)
        while more {
            let keyOffset = scanner.position
            let field = try scanner.scanKey(body, in: EventKey.payoutTable)
            if let field { try note(EventKey.field(field).mask, at: keyOffset) }
            if field == nil || scanner.next(body) == UInt8(ascii: "n") {
                try scanner.skipValue(body)
            } else if field == .payoutAmount {
                try readAmount(&scanner, body)
            } else {
                try readCurrency(&scanner, body)
            }
            more = try scanner.nextMember(body)
        }
        if ranges[.payoutAmount].isAbsent { throw ScanFault(.missing(.payoutAmount), at: start) }
    }

    /// A decimal in a string keeps its digits, and so does a plain number; one with an exponent is written out.
    private mutating func readAmount(_ scanner: inout JSONScanner, _ body: Span<UInt8>) throws(ScanFault) {
        let offset = scanner.position
        var range: ByteRange
        var hasExponent = false
        switch scanner.next(body) {
        case UInt8(ascii: "\""): range = try scanner.scanString(body)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let number = try scanner.scanNumber(body)
            (range, hasExponent) = (number.range, number.hasExponent)
        default: throw try scanner.mismatch(.notAnAmount, body)
        }
        let amount: DecimalAmount
        do throws(DecimalAmount.ParseFault) {
            let text = scanner.storage.span.extracting(range.indices)
            amount = try DecimalAmount(parsing: text, allowingExponent: hasExponent)
        } catch {
            throw ScanFault(.badAmount(error), at: offset)
        }
        if hasExponent { range = scanner.append(amount) }
        payout = amount
        ranges[.payoutAmount] = range
    }

    /// Three letters, the shape of an ISO 4217 code, kept as written.
    private mutating func readCurrency(_ scanner: inout JSONScanner, _ body: Span<UInt8>) throws(ScanFault) {
        let offset = scanner.position
        let range = try scanner.scanText(.notAString, body)
        let code = scanner.storage.span.extracting(range.indices)
        guard code.count == 3, isLetter(code[0]), isLetter(code[1]), isLetter(code[2]) else {
            throw ScanFault(.badCurrency, at: offset)
        }
        ranges[.payoutCurrency] = range
    }

    private func isLetter(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26
    }
}
