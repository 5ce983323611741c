/// Paths and parameters of which nothing can be said but that they are right.
enum PlainText {
    /// Whether a path is made of unreserved characters and slashes alone, with no segment that ``URITextGrammar`` would look
    /// at twice. False also for some paths that are right.
    static func isPath(_ path: ArraySlice<UInt8>) -> Bool {
        guard path.first == UInt8(ascii: "/") else { return false }
        var segment = path.startIndex + 1
        var index = segment
        while index <= path.endIndex {
            if index == path.endIndex || path[index] == UInt8(ascii: "/") {
                // Dots are a path's own commands; words of these lengths may be a tracker's place-holder.
                switch index - segment {
                case 1, 2: if path[segment] == UInt8(ascii: ".") { return false }
                case 7, 8: if "RrOo".utf8.contains(path[segment]) { return false }
                default: break
                }
                segment = index + 1
            } else {
                guard URICharacters.isUnreserved(path[index]) else { return false }
            }
            index += 1
        }
        return true
    }

    /// Where the names of `name=value&name=value` stand, when names and values are made of unreserved characters and no value
    /// is one that ``URITextGrammar`` would look at twice. Nil also for some that are right.
    static func names(in parameters: ArraySlice<UInt8>) -> [Range<Int>]? {
        var names: [Range<Int>] = []
        var start = parameters.startIndex
        var equals: Int?
        for index in parameters.startIndex...parameters.endIndex {
            if index < parameters.endIndex, parameters[index] != UInt8(ascii: "&") {
                if parameters[index] == UInt8(ascii: "="), equals == nil {
                    equals = index
                } else if !URICharacters.isUnreserved(parameters[index]) {
                    return nil
                }
                continue
            }
            guard let end = equals, end > start else { return nil }
            let value = parameters[(end + 1)..<index]
            // Words in capitals may be macros, and words of these lengths a tracker's place-holder.
            if let first = value.first {
                if (0x41...0x5A).contains(first) { return nil }
                if value.count == 7 || value.count == 8, "ro".utf8.contains(first) { return nil }
            }
            names.append(start..<end)
            start = index + 1
            equals = nil
        }
        return names
    }
}
