/// What of a path and query, or of a form, the template alone decides: how many segments and parameters there are, and
/// what they are called.
struct Shape {
    /// How many stretches between slashes; 0 for a form.
    var segments = 0
    /// The parameters' names in their order; nil for one that has a token in it.
    var names: [ArraySlice<UInt8>?] = []

    /// Of a rendered target.
    init(target: [UInt8]) {
        let halves = target.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        // An empty value leaves a segment empty, but it stays one.
        segments = halves[0].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).count
        if halves.count > 1 { names = Self.names(halves[1]) }
    }

    /// Of a rendered form.
    init(form: [UInt8]) { names = Self.names(form[...]) }

    /// Of the template of a whole URL, one that was accepted.
    init(template url: String) {
        let text = Self.withoutTokens(Array(url.utf8))
        let slashes = text.firstIndex(of: UInt8(ascii: "/")) ?? text.endIndex
        let target = text.dropFirst(slashes + 2).drop { !"/?".utf8.contains($0) }
        let needsSlash = target.first != UInt8(ascii: "/")
        self.init(target: (needsSlash ? [UInt8(ascii: "/")] : []) + target)
    }

    /// The line end that YAML leaves behind it is no part of a form.
    init(formTemplate: String) {
        var text = Array(formTemplate.utf8)
        if text.last == UInt8(ascii: "\n") { text.removeLast() }
        self.init(form: Self.withoutTokens(text))
    }

    /// Whether this template can have made that; any name may stand where it has a token.
    func admits(_ rendered: Shape) -> Bool {
        segments == rendered.segments && names.count == rendered.names.count
            && zip(names, rendered.names).allSatisfy { $0 == nil || $0 == $1 }
    }

    private static func names(_ query: ArraySlice<UInt8>) -> [ArraySlice<UInt8>?] {
        query.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).map { parameter in
            let name = parameter.prefix { $0 != UInt8(ascii: "=") }
            return name.contains(0) ? nil : name
        }
    }

    /// A byte of 0, which no URL holds, for each token; its arguments may be quoted and hold braces.
    static func withoutTokens(_ text: [UInt8]) -> [UInt8] {
        var rest = text[...]
        var result: [UInt8] = []
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "{"), rest.first == byte else {
                result.append(byte)
                continue
            }
            result.append(0)
            var quote: UInt8?
            while let inner = rest.popFirst() {
                if let open = quote {
                    let next = rest.first
                    if inner == UInt8(ascii: "\\"), next == open || next == inner { rest.removeFirst() }
                    if inner == open { quote = nil }
                } else if inner == UInt8(ascii: "\"") || inner == UInt8(ascii: "'") {
                    quote = inner
                } else if inner == UInt8(ascii: "}"), rest.first == inner {
                    rest.removeFirst()
                    break
                }
            }
        }
        return result
    }
}
