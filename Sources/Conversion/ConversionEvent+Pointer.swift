extension ConversionEvent {
    /// The string, number or boolean the pointer leads to, as it is written (strings without their escapes); nil when
    /// there is none, or `null`, an object or an array. In a CloudEvent the pointer starts at its data.
    ///
    /// Reads the body again up to the value: for the few tokens that are given as a pointer.
    package func value(at pointer: JSONPointer) -> ByteRange? {
        guard let documentStart else { return nil }
        var walker = JSONWalker(position: documentStart)
        for token in pointer.tokens {
            guard descend(to: token, &walker) else { return nil }
        }
        let start = walker.position
        switch storage[start] {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "n"): return nil
        case UInt8(ascii: "\""):
            let end = walker.skipString(storage.span)
            return unescapedString(at: start + 1) ?? ByteRange(start + 1, end)
        default:
            walker.skipValue(storage.span)
            return ByteRange(start, walker.position)
        }
    }

    /// Moves from an object or array to the member or element that `token` names.
    private func descend(to token: [UInt8], _ walker: inout JSONWalker) -> Bool {
        let text = storage.span
        switch text[walker.position] {
        case UInt8(ascii: "{"):
            walker.enter(text)
            while text[walker.position] != UInt8(ascii: "}") {
                let start = walker.position + 1
                let end = walker.skipString(text)
                let key = unescapedString(at: start) ?? ByteRange(start, end)
                walker.skipSeparator(text)
                if storage[key.indices].elementsEqual(token) { return true }
                walker.skipValue(text)
                walker.skipSeparator(text)
            }
            return false
        case UInt8(ascii: "["):
            guard var index = JSONPointer.arrayIndex(token) else { return false }
            walker.enter(text)
            while text[walker.position] != UInt8(ascii: "]") {
                if index == 0 { return true }
                index -= 1
                walker.skipValue(text)
                walker.skipSeparator(text)
            }
            return false
        default: return false
        }
    }

    /// The value of the string whose text begins at `offset`, if it has escapes.
    private func unescapedString(at offset: Int) -> ByteRange? {
        // In the order of the text, so: binary search.
        var (low, high) = (0, unescaped.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(unescaped[middle].offset) < offset { low = middle + 1 } else { high = middle }
        }
        guard low < unescaped.count, Int(unescaped[low].offset) == offset else { return nil }
        return unescaped[low].value
    }
}
