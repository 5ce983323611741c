/// Which bodies can be filled safely.
enum MediaType {
    /// The kind of template for a `Content-Type` value (RFC 9110, section 8.3); nil for one that is malformed, or whose
    /// bodies have no known safe encoding. Parameters may follow; a charset must be UTF-8.
    static func bodyKind(_ text: String) -> TemplateKind? {
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "{") }) else { return nil }
        let parts = text.lowercased().split(separator: ";", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.dropFirst().allSatisfy(isAllowedParameter) else { return nil }
        switch trimmed(first) {
        case "application/json": return .json
        case "application/x-www-form-urlencoded": return .form
        case "text/plain": return .text
        case let type where type.hasPrefix("application/") && type.hasSuffix("+json") && type.utf8.count > 17:
            return type.dropFirst(12).utf8.allSatisfy { HeaderName.isTokenCharacter($0) } ? .json : nil
        default: return nil
        }
    }

    private static func isAllowedParameter(_ text: Substring) -> Bool {
        let parameter = trimmed(text)
        guard let equals = parameter.firstIndex(of: "=") else { return false }
        if parameter[..<equals] != "charset" { return true }
        return ["utf-8", "\"utf-8\"", "utf8"].contains(String(parameter[parameter.index(after: equals)...]))
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }
}
