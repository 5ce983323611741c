/// The `name=value` pairs of a query, in order, still encoded.
struct QueryPairs: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    private var rest: Range<Int>

    init(_ bytes: [UInt8], in range: Range<Int>) {
        self.bytes = bytes
        rest = range
    }

    mutating func next() -> (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)? {
        while !rest.isEmpty {
            let end = bytes[rest].firstIndex(of: UInt8(ascii: "&")) ?? rest.upperBound
            let pair = bytes[rest.lowerBound..<end]
            rest = Swift.min(end + 1, rest.upperBound)..<rest.upperBound
            guard !pair.isEmpty else { continue }
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { return (pair, pair[end..<end]) }
            return (pair[..<equals], pair[(equals + 1)...])
        }
        return nil
    }
}
