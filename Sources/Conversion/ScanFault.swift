/// What stopped the decoder, and where: small, so that the hot path can throw it; `EventFault` makes sentences of it.
struct ScanFault: Error {
    enum Reason {
        // The body as a whole.
        case emptyBody, bodyTooLarge, byteOrderMark, notAnObject, trailingBytes
        // The grammar of JSON (RFC 8259).
        case expectedValue, expectedKey, expectedKeyOrEnd, expectedColon, expectedCommaOrBrace, expectedCommaOrBracket
        case unterminatedString, controlCharacter, invalidUTF8, invalidEscape, invalidUnicodeEscape, loneSurrogate
        case invalidNumber, leadingZero, tooDeep
        // The shape of an event.
        case duplicateKey, missing(EventField)
        case notAString, notAStringOrInteger, notABoolean, notAMap, notAPayout, notAnAmount
        case notWholeNumber, badIdentifier(Identifier.Fault)
        case unknownStatus, badAmount(DecimalAmount.ParseFault), badCurrency, badDateTime(RFC3339.Fault)
        // CloudEvents.
        case isCloudEvent, missingData, dataNotAnObject, binaryData, unsupportedSpecVersion
        case badIDAttribute(Identifier.Fault), badTimeAttribute(RFC3339.Fault)
    }

    var reason: Reason
    var offset: Int

    init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}
