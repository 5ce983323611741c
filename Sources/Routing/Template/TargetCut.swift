/// A path and query cut in two: plain text, and the rest from the first parameter with a token on. Of many templates only the
/// first part differs.
struct TargetCut {
    /// Where the rest begins: at a `?` or `&`.
    let tail: Int
    /// Where the names of the parameters before it stand; no two are the same.
    let names: [Range<Int>]

    /// nil when the first part is more than plain text, or has a parameter twice.
    init?(_ text: [UInt8]) {
        guard let query = text.firstIndex(of: UInt8(ascii: "?")), PlainText.isPath(text[..<query]) else { return nil }
        var cut = query
        var index = query + 1
        while index < text.count, text[index] != UInt8(ascii: "{") {
            if text[index] == UInt8(ascii: "&") { cut = index }
            index += 1
        }
        // Without a token there is no rest that others would have.
        if index == text.count { cut = query }
        tail = cut
        guard cut > query + 1 else {
            if cut > query { return nil }
            names = []
            return
        }
        guard let names = PlainText.names(in: text[(query + 1)..<cut]) else { return nil }
        for place in names.indices {
            for other in names[..<place] where text[other].elementsEqual(text[names[place]]) { return nil }
        }
        self.names = names
    }
}
