/// Follows a JSON Pointer into text that nobody has checked yet, such as the body of an answer.
///
/// Reads up to the value and no further, 64 levels deep at most; never trusts a byte.
package enum JSONLookup: Sendable, Equatable {
    /// A string without its escapes, or a number, `true`, `false` or `null` as it is written.
    case scalar([UInt8])
    /// There is an object or an array.
    case container
    /// The text is JSON up to where the value would be, and has none there.
    case absent
    /// The text is not JSON, or ends before the value does.
    case malformed

    /// What `pointer` leads to in `text`. A byte order mark in front is passed over. Of several members with one name
    /// the first counts.
    package static func find(_ pointer: JSONPointer, in text: [UInt8]) -> JSONLookup {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let body = text.starts(with: mark) ? Array(text.dropFirst(3)) : text
        var scanner = JSONScanner()
        // Strings with escapes are written out behind a copy of the text.
        scanner.storage = body
        let bytes = body.span
        do throws(ScanFault) {
            scanner.skipWhitespace(bytes)
            for token in pointer.tokens {
                guard try scanner.descend(to: token, bytes) else { return .absent }
            }
            return try scanner.scalar(bytes)
        } catch {
            return .malformed
        }
    }
}

extension JSONScanner {
    /// Moves onto the member or element that `token` names; false when there is none.
    fileprivate mutating func descend(to token: [UInt8], _ text: Span<UInt8>) throws(ScanFault) -> Bool {
        switch next(text) {
        case UInt8(ascii: "{"):
            var more = try enterObject(text)
            while more {
                let key = try scanKey(text)
                if storage[key.indices].elementsEqual(token) { return true }
                try skipValue(text)
                more = try nextMember(text)
            }
        case UInt8(ascii: "["):
            var left = JSONPointer.arrayIndex(token)
            var more = try enterArray(text)
            while more {
                if left == 0 { return true }
                left = left.map { $0 - 1 }
                try skipValue(text)
                more = try nextElement(text)
            }
        default: try skipValue(text)
        }
        return false
    }

    fileprivate mutating func scalar(_ text: Span<UInt8>) throws(ScanFault) -> JSONLookup {
        let start = position
        switch next(text) {
        case UInt8(ascii: "{"), UInt8(ascii: "["): return .container
        case UInt8(ascii: "\""): return .scalar(Array(storage[try scanString(text).indices]))
        default:
            try skipValue(text)
            // Inside an object or array something must follow: a number at the very end may be the half of one.
            return position == text.count && depth > 0 ? .malformed : .scalar(Array(storage[start..<position]))
        }
    }
}
