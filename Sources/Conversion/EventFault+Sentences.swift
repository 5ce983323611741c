extension EventFault {
    /// Turns what stopped the decoder into words; `text` is the body.
    init(_ fault: ScanFault, body text: Span<UInt8>, cloudEvent: CloudEventAttributes?) {
        var reason = Self.sentence(fault, text)
        if fault.reason.isGrammar, let type = cloudEvent?.datacontenttype, !Self.isJSON(type) {
            reason += "; the CloudEvent says datacontenttype \"\(Excerpt.text(type))\", but only JSON is read"
        }
        self.init(path: Self.path(fault, text), reason: reason, offset: fault.offset)
    }

    private static func path(_ fault: ScanFault, _ text: Span<UInt8>) -> String {
        switch fault.reason {
        case .emptyBody, .bodyTooLarge, .byteOrderMark, .notAnObject, .trailingBytes: "$"
        case .badIDAttribute: "cloudEvents:id"
        case .badTimeAttribute: "cloudEvents:time"
        case .missingData: "$.data"
        case .duplicateKey: JSONPath.find(fault.offset, in: text, includingKey: true)
        case .missing(let field):
            JSONPath.find(fault.offset, in: text) + "." + (field.name.split(separator: ".").last ?? "")
        default: JSONPath.find(fault.offset, in: text)
        }
    }

    private static func sentence(_ fault: ScanFault, _ text: Span<UInt8>) -> String {
        let offset = fault.offset
        switch fault.reason {
        case .emptyBody: return "the message has no body; it must hold one conversion event, a JSON object"
        case .bodyTooLarge:
            return "the body has \(text.count) bytes; at most \(ConversionEvent.bodyLimit) (256 KiB) are allowed"
        case .byteOrderMark: return "the body begins with a byte order mark; send UTF-8 without one"
        case .notAnObject: return notAnObject(text, offset)
        case .trailingBytes:
            return "the event is over, but \(Excerpt.byte(text, offset)) follows; a message holds exactly one event"
        case .isCloudEvent: return "looks like a CloudEvent"
        default:
            if fault.reason.isGrammar { return "not valid JSON: " + grammar(fault, text) }
            return shape(fault, text)
        }
    }

    private static func notAnObject(_ text: Span<UInt8>, _ offset: Int) -> String {
        if offset == text.count {
            return "the body holds only white space; it must hold one conversion event, a JSON object"
        }
        if text[offset] == UInt8(ascii: "[") {
            return "the body is an array; send each conversion event as a message of its own, a JSON object"
        }
        return "the body must be a JSON object, the conversion event, but begins with \(Excerpt.byte(text, offset))"
    }

    private static func grammar(_ fault: ScanFault, _ text: Span<UInt8>) -> String {
        let found = Excerpt.byte(text, fault.offset)
        switch fault.reason {
        case .expectedValue: return "expected a value, found \(found)"
        case .expectedKey: return "expected a key in quotation marks after the comma, found \(found)"
        case .expectedKeyOrEnd: return "expected a key in quotation marks or \"}\", found \(found)"
        case .expectedColon: return "expected \":\" after the key, found \(found)"
        case .expectedCommaOrBrace: return "expected \",\" or \"}\", found \(found)"
        case .expectedCommaOrBracket: return "expected \",\" or \"]\", found \(found)"
        case .unterminatedString: return "the body ends inside a string; was it cut off?"
        case .controlCharacter:
            return "a string holds the control character \(found); write it as an escape such as \\n"
        case .invalidUTF8: return "\(found) is no valid UTF-8; send the body in UTF-8"
        case .invalidEscape:
            return "a backslash in a string must begin one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"
        case .invalidUnicodeEscape: return "\\u must be followed by four hexadecimal digits"
        case .loneSurrogate:
            return "a \\u escape holds half of a surrogate pair; characters beyond U+FFFF need both halves"
        case .invalidNumber: return "a number needs a digit here, found \(found)"
        case .leadingZero: return "a number may not begin with a needless zero"
        default: return "objects and arrays are nested deeper than \(JSONScanner.depthLimit) levels"
        }
    }

    private static func isJSON(_ mediaType: [UInt8]) -> Bool {
        let type = String(decoding: mediaType.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self).lowercased()
        let essence = String(type.filter { $0 != " " })
        return essence.hasSuffix("/json") || essence.hasSuffix("+json")
    }
}

extension ScanFault.Reason {
    /// Whether the body is no JSON, rather than JSON of the wrong shape.
    var isGrammar: Bool {
        switch self {
        case .expectedValue, .expectedKey, .expectedKeyOrEnd, .expectedColon, .expectedCommaOrBrace,
            .expectedCommaOrBracket, .unterminatedString, .controlCharacter, .invalidUTF8, .invalidEscape,
            .invalidUnicodeEscape, .loneSurrogate, .invalidNumber, .leadingZero, .tooDeep:
            true
        default: false
        }
    }
}
