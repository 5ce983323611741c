/// By what a request is recognised when it comes again, as hashes: path with `cid`, and the Idempotency-Key.
struct RequestIdentity {
    let click: Int
    /// False when there is no `cid`, and `click` stands for the path alone.
    let hasClick: Bool
    let key: Int?

    init(head: RequestHead, bytes: [UInt8]) {
        let cid = QueryPairs(bytes, in: head.query).first { $0.name.elementsEqual("cid".utf8) }?.value
        var hasher = Hasher()
        Self.feed(bytes[head.path], to: &hasher)
        if let cid { Self.feed(cid, to: &hasher) }
        click = hasher.finalize()
        hasClick = cid != nil

        let name = "idempotency-key"
        key = head.fields.first { field in
            field.name.count == name.utf8.count
                && zip(bytes[field.name], name.utf8).allSatisfy { $0 | 0x20 == $1 | 0x20 }
        }.map { field in
            var hasher = Hasher()
            Self.feed(bytes[field.value], to: &hasher)
            return hasher.finalize()
        }
    }

    private static func feed(_ bytes: ArraySlice<UInt8>, to hasher: inout Hasher) {
        hasher.combine(bytes.count)
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}
