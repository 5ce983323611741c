/// `.` and `..` in a path, also with their dots as `%2E`: they would be taken out and the path would lead elsewhere
/// (RFC 3986, section 5.2.4).
enum DotSegment {
    static func matches(_ segment: ArraySlice<UInt8>) -> Bool {
        var dots = 0
        var position = segment.startIndex
        while position < segment.endIndex {
            if segment[position] == UInt8(ascii: ".") {
                position += 1
            } else if segment[position...].starts(with: "%2E".utf8) || segment[position...].starts(with: "%2e".utf8) {
                position += 3
            } else {
                return false
            }
            dots += 1
        }
        return dots == 1 || dots == 2
    }

    /// Whether the path in front of the query of a rendered target holds one.
    static func isIn(target: ArraySlice<UInt8>) -> Bool {
        let path = target.prefix { $0 != UInt8(ascii: "?") }
        var start = path.startIndex
        for position in path.indices where path[position] == UInt8(ascii: "/") {
            if position - start <= 6, matches(path[start..<position]) { return true }
            start = position + 1
        }
        return matches(path[start...])
    }
}
