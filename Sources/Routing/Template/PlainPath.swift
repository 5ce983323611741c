/// Paths of which nothing can be said but that they are right.
enum PlainPath {
    /// Whether a path is made of unreserved characters and slashes alone, with no segment that ``URITextGrammar`` would look
    /// at twice. False also for some paths that are right.
    static func isPlain(_ path: ArraySlice<UInt8>) -> Bool {
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
                switch path[index] {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: break
                case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): break
                default: return false
                }
            }
            index += 1
        }
        return true
    }
}
