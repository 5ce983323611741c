/// Takes secrets out of URLs, form bodies and headers before they are shown: values become `***`.
///
/// Which values are secret is told by their names: a query parameter or header whose name contains one of the `mask`
/// words (CONTRACT section 3), regardless of case, ending where a word of the name ends. So `key` hides `api_key`,
/// `apiKey`, `X-Key-Id`, `apikey` and `keys`, but not `keyword`. (`monkey` as well: better one too many.)
/// What is not secret stays byte for byte as it was.
package struct SecretMask: Sendable {
    /// What stands in the place of a secret.
    package static let mask = "***"

    /// A secret this long is taken out wherever else it stands in the same text; shorter ones would also hit by chance.
    package static let repeatedLength = 8

    /// Headers that are secret whatever the words say.
    private static let secretHeaders: Set<String> = ["authorization", "proxy-authorization", "cookie", "set-cookie"]

    private let names: SecretNames

    /// - Parameter words: compared by their letters and digits only: `api_key` is `apikey`. Empty words are ignored.
    package init(words: [String]) {
        names = SecretNames(words: words)
    }

    /// Masks the userinfo and the secret values in query and fragment; also a parameter that holds a percent-encoded
    /// URL or form with a secret in it. The path is left alone.
    package func url(_ url: String) -> String {
        Self.text(url, self.url)
    }

    /// Same, on UTF-8.
    package func url(_ url: [UInt8]) -> [UInt8] {
        hidden(in: url).finish(repeatedLength: Self.repeatedLength)
    }

    /// The secret values that ``url(_:)`` would hide, percent-decoded; of a value that holds a URL or a form, those in
    /// it as well. Also for a request target.
    package func secretValues(inURL url: [UInt8]) -> [[UInt8]] {
        Self.decoded(hidden(in: url).hiddenParts, inner: secretValues(inURL:))
    }

    /// The same for a form body.
    package func secretValues(inForm form: [UInt8]) -> [[UInt8]] {
        var work = MaskedText(form)
        hidePairs(form, from: 0, in: &work)
        return Self.decoded(work.hiddenParts, inner: secretValues(inForm:))
    }

    private static func decoded(_ parts: [[UInt8]], inner: ([UInt8]) -> [[UInt8]]) -> [[UInt8]] {
        parts.flatMap { part in
            let value = PercentDecoding.decode(part)
            // Each layer of encoding is shorter than the one around it, so this ends.
            return [value] + (value.count < part.count ? inner(value) : [])
        }
    }

    private func hidden(in url: [UInt8]) -> MaskedText {
        var work = MaskedText(url)
        var position = 0
        if let authority = Self.authority(url) {
            if let end = Self.userinfoEnd(url, authority) {
                work.hide(authority.lowerBound..<end)
                position = end
            } else {
                position = authority.upperBound
            }
        }
        hidePairs(url, from: Self.queryStart(url, from: position), in: &work)
        return work
    }

    /// Masks the secret values of a form body (`name=value&...`).
    package func form(_ form: String) -> String {
        Self.text(form) { bytes in
            var work = MaskedText(bytes)
            hidePairs(bytes, from: 0, in: &work)
            return work.finish(repeatedLength: Self.repeatedLength)
        }
    }

    /// The header's value, masked whole if the name is secret, else as it is.
    package func header(name: String, value: String) -> String {
        isSecret(header: name) && !value.isEmpty ? Self.mask : value
    }

    /// Masks a header written `Name: value`; what has no colon is returned as it is.
    package func header(_ line: String) -> String {
        guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { return line }
        let value = line[line.index(after: colon)...]
        let lead = value.prefix { $0 == " " || $0 == "\t" }
        guard isSecret(header: String(line[..<colon])), lead.count < value.count else { return line }
        return line[...colon] + lead + Self.mask
    }

    /// Whether a query parameter (or form field) of this name is secret.
    package func isSecret(parameter name: String) -> Bool {
        names.match(Array(name.utf8))
    }

    /// Whether a header of this name is secret: by its words, or because it always is (`Authorization`, `Cookie`).
    package func isSecret(header name: String) -> Bool {
        Self.secretHeaders.contains(name.lowercased()) || isSecret(parameter: name)
    }

    /// Hides the values of secret `name=value` pairs. A pair may begin after `?`, `&`, `;` or `#`, but a secret ends
    /// only at `&` or `#`: whichever way the receiver splits, no part of it is left.
    private func hidePairs(_ text: [UInt8], from start: Int, in work: inout MaskedText) {
        Self.forEachPair(text, from: start) { _, name, end in
            guard let name else { return end }
            let value = name.upperBound + 1
            if isSecret(name: text, name) {
                let end = Self.secretEnd(text, from: end)
                work.hide(value..<end)
                return end
            }
            if holdsSecret(text, value..<end) { work.hide(value..<end) }
            return end
        }
    }

    /// Calls `body` for each stretch between two of the marks `?`, `&`, `;` and `#`: its number, its name where it has a
    /// `=`, and its end. What `body` returns is where it ends after all.
    static func forEachPair(_ text: [UInt8], from start: Int, _ body: (Int, Range<Int>?, Int) -> Int) {
        var position = start
        var number = 0
        while position < text.count {
            var end = position
            var equals: Int?
            while end < text.count, !isPairEnd(text[end]) {
                if equals == nil, text[end] == UInt8(ascii: "=") { equals = end }
                end += 1
            }
            let pairStart = position
            position = body(number, equals.map { pairStart..<$0 }, end) + 1
            number += 1
        }
    }

    /// Where query or fragment begins, with its mark.
    static func queryStart(_ text: [UInt8], from start: Int) -> Int {
        text[start...].firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? text.count
    }

    static func secretEnd(_ text: [UInt8], from end: Int) -> Int {
        text[end...].firstIndex { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "#") } ?? text.count
    }

    func isSecret(name text: [UInt8], _ range: Range<Int>) -> Bool { names.match(text, range) }

    /// Whether a value is, behind up to three layers of percent-encoding, a URL or form with a secret in it.
    private func holdsSecret(_ text: [UInt8], _ value: Range<Int>) -> Bool {
        guard text[value].contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "@") }) else { return false }
        var inner = Array(text[value])
        for _ in 0..<3 {
            let decoded = PercentDecoding.decode(inner)
            if let authority = Self.authority(decoded), Self.userinfoEnd(decoded, authority) != nil { return true }
            var start = 0
            while start < decoded.count {
                let end = decoded[start...].firstIndex(where: Self.isPairEnd) ?? decoded.count
                if let equals = decoded[start..<end].firstIndex(of: UInt8(ascii: "=")), equals + 1 < end,
                    names.match(decoded, start..<equals)
                {
                    return true
                }
                start = end + 1
            }
            if decoded == inner { return false }
            inner = decoded
        }
        return false
    }

    private static func isPairEnd(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: ";"), UInt8(ascii: "?"), UInt8(ascii: "#"): true
        default: false
        }
    }

    /// What stands between `//` and the next `/`, `\`, `?` or `#`, if the text begins with `scheme://` or `//`.
    private static func authority(_ url: [UInt8]) -> Range<Int>? {
        guard let slash = url.firstIndex(of: UInt8(ascii: "/")), slash + 1 < url.count,
            url[slash + 1] == UInt8(ascii: "/")
        else { return nil }
        guard slash == 0 || url[slash - 1] == UInt8(ascii: ":") else { return nil }
        let start = slash + 2
        let end = url[start...].firstIndex {
            [UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "#")].contains($0)
        }
        return start..<(end ?? url.count)
    }

    /// The index of the `@` that ends a userinfo that is not empty.
    ///
    /// In `amqp://user:pa/ss@host` the authority seems to end within the password; that its "port" is no number gives
    /// it away.
    private static func userinfoEnd(_ url: [UInt8], _ authority: Range<Int>) -> Int? {
        if let at = url[authority].lastIndex(of: UInt8(ascii: "@")) { return at > authority.lowerBound ? at : nil }
        guard let colon = url[authority].lastIndex(of: UInt8(ascii: ":")),
            !url[authority].contains(UInt8(ascii: "]")),
            !url[(colon + 1)..<authority.upperBound].allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return url[authority.upperBound...].lastIndex(of: UInt8(ascii: "@"))
    }

    private static func text(_ text: String, _ body: ([UInt8]) -> [UInt8]) -> String {
        String(decoding: body(Array(text.utf8)), as: UTF8.self)
    }
}
