extension EventFault {
    /// The sentence for JSON that is not of the event's shape.
    static func shape(_ fault: ScanFault, _ text: Span<UInt8>) -> String {
        let offset = fault.offset
        let kind = Excerpt.kind(text, offset)
        switch fault.reason {
        case .duplicateKey:
            return "stands twice in the same object; which of them counts would be a guess, so send it once"
        case .missing(.payoutAmount):
            return "missing; a payout needs an amount such as \"1.25\" (leave out payout if there is none)"
        case .missing(.publisherID): return "missing; it must name the publisher, as a string or a whole number"
        case .missing:
            return "missing; every event needs an id, a string of 1 to \(ConversionEvent.identifierLimit) characters"
        case .notAString: return "must be a string, but is \(kind)"
        case .notAStringOrInteger: return "must be a string or a whole number, but is \(kind)"
        case .notABoolean: return "must be true or false, but is \(kind)"
        case .notAMap: return "must be an object of names and values, but is \(kind)"
        case .notAPayout:
            return "must be an object such as {\"amount\": \"1.25\", \"currency\": \"EUR\"}, but is \(kind)"
        case .notAnAmount: return "must be a decimal in a string, such as \"1.25\", or a number, but is \(kind)"
        case .notWholeNumber:
            return "\(Excerpt.value(text, offset)) is no id: a number must be whole, without sign, point or exponent"
        case .badIdentifier(let fault), .badIDAttribute(let fault): return identifier(fault)
        case .unknownStatus:
            let allowed = ConversionStatus.allCases.map(\.name).joined(separator: ", ")
            return "\(Excerpt.value(text, offset)) is no status; allowed are \(allowed)"
        case .badAmount(.notDecimal):
            return
                "\(Excerpt.value(text, offset)) is no decimal amount; write digits with a point, such as 1.25 or -0.50"
        case .badAmount(.tooManyDigits):
            let limit = DecimalAmount.digitLimit
            return "\(Excerpt.value(text, offset)) has more than \(limit) digits before or after the decimal point"
        case .badCurrency: return "\(Excerpt.value(text, offset)) is no currency code; write three letters, such as EUR"
        case .badDateTime(let fault): return Excerpt.value(text, offset) + " " + dateTime(fault)
        case .badTimeAttribute(let fault): return dateTime(fault)
        default: return cloudEvent(fault.reason, kind, Excerpt.value(text, offset))
        }
    }

    private static func identifier(_ fault: Identifier.Fault) -> String {
        switch fault {
        case .empty: "must not be empty"
        case .blank: "must not be blank"
        case .tooLong: "is longer than \(ConversionEvent.identifierLimit) characters"
        case .controlCharacter: "must not hold control characters such as line breaks"
        case .notUTF8: "is no valid UTF-8"
        }
    }

    private static func dateTime(_ fault: RFC3339.Fault) -> String {
        switch fault {
        case .shape: "is no RFC 3339 date-time; write it as 2025-03-01T12:30:00Z or 2025-03-01T12:30:00.250+02:00"
        case .missingOffset: "has no time zone; put Z (for UTC) or an offset such as +02:00 behind it"
        case .outOfRange: "is no date-time that exists: month, day, hour, minute, second or offset is out of range"
        }
    }

    private static func cloudEvent(_ reason: ScanFault.Reason, _ kind: String, _ value: String) -> String {
        switch reason {
        case .missingData: "missing; the body is a CloudEvent (it has specversion), and the event is read from its data"
        case .dataNotAnObject: "must be the conversion event, a JSON object, but is \(kind)"
        case .binaryData: "is not read; put the conversion event into data, as a JSON object"
        case .unsupportedSpecVersion: "\(value) is not supported; send CloudEvents \"1.0\""
        default: "is not of the shape of a conversion event"
        }
    }
}
