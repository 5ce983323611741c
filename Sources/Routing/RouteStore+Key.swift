extension RouteStore {
    /// The route key of a postback.
    func key(of number: Int) -> [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(48)
        appendKey(of: number, to: &key)
        return key
    }

    func appendKey(of number: Int, to buffer: inout [UInt8]) {
        let record = records[number]
        RouteKey.append(
            publisher: publisherIDs.bytes(of: Int(record.publisher)),
            scope: scope(of: record),
            id: record.scope == Self.noNumber ? [] : scopeIDs.bytes(of: Int(record.scope)),
            name: names.bytes(of: Int(record.name)),
            to: &buffer
        )
    }
}
