/// A conversion event (CONTRACT section 1), decoded from the bytes of a message without making strings of them.
///
/// One value is meant to be decoded into again and again: its buffers are reused, so that after a few events decoding
/// allocates nothing. Fields are ranges into `storage`. Properties speak of the event decoded last; after a fault only
/// `storage` and `bodyCount` mean anything.
package struct ConversionEvent: Sendable {
    /// The largest body accepted, in bytes.
    package static let bodyLimit = 256 * 1024
    /// The most characters (Unicode scalars) an id may have.
    package static let identifierLimit = 200

    /// The body, byte for byte; then strings that had escapes, written out, and defaults.
    package internal(set) var storage: [UInt8] = []
    /// How many bytes of `storage` are the body.
    package internal(set) var bodyCount = 0
    /// A test conversion: delivered as any other, marked in the log and in the metrics.
    package internal(set) var isTest = false
    /// Milliseconds since the Unix epoch.
    package internal(set) var occurredAt: Int64?
    /// Milliseconds since the Unix epoch.
    package internal(set) var clickedAt: Int64?
    /// `payout.amount`, exactly.
    package internal(set) var payout: DecimalAmount?
    /// Approved unless the event says otherwise.
    package internal(set) var status = ConversionStatus.approved
    /// The entries of `sub_ids` in the order of the event; names are unique, `null` ones are left out.
    package internal(set) var subIDs: [NamedRange] = []
    /// The entries of `parameters` in the order of the event; names are unique, `null` ones are left out. Numbers and
    /// booleans stand as they were written.
    package internal(set) var parameters: [NamedRange] = []

    /// A name and its value, both in `storage`.
    package struct NamedRange: Sendable, Hashable {
        /// The name, without escapes.
        package var name: ByteRange
        /// The value; empty for an empty string.
        package var value: ByteRange
    }

    /// By the raw value of the field; `ByteRange.absent` where there is none.
    var ranges = InlineArray<22, ByteRange>(repeating: .absent)
    /// The keys met so far, to refuse a second one.
    var seenKeys: UInt32 = 0
    /// Where the event's own object begins: in a structured CloudEvent its `data`. Nil before a success.
    var documentStart: Int?
    var unescaped: [JSONScanner.UnescapedString] = []

    /// Holds no event yet.
    package init() {}

    /// Where the field's value is; nil when the event has no such field or `null`, `count` 0 for an empty string.
    /// `type` and `status` are never nil. A JSON number with an exponent is written out (`1.25e2` reads `125`).
    package func range(of field: EventField) -> ByteRange? {
        let range = ranges[Int(field.rawValue)]
        return range.isAbsent ? nil : range
    }

    /// The value of `sub_ids.NAME`; names are compared byte for byte.
    package func range(ofSubID name: [UInt8]) -> ByteRange? {
        find(name, among: subIDs)
    }

    /// The value of `parameters.NAME`; names are compared byte for byte.
    package func range(ofParameter name: [UInt8]) -> ByteRange? {
        find(name, among: parameters)
    }

    /// The value as a string; for messages and tests, not for the hot path.
    package func text(_ field: EventField) -> String? {
        range(of: field).map { String(decoding: storage[$0.indices], as: UTF8.self) }
    }

    private func find(_ name: [UInt8], among entries: [NamedRange]) -> ByteRange? {
        for entry in entries where Int(entry.name.count) == name.count {
            let start = Int(entry.name.start)
            var index = 0
            while index < name.count, storage[start + index] == name[index] { index += 1 }
            if index == name.count { return entry.value }
        }
        return nil
    }

    /// Forgets the last event but keeps the buffers.
    mutating func reset() {
        ranges = InlineArray(repeating: .absent)
        seenKeys = 0
        documentStart = nil
        isTest = false
        occurredAt = nil
        clickedAt = nil
        payout = nil
        status = .approved
        if !subIDs.isEmpty { subIDs.removeAll(keepingCapacity: true) }
        if !parameters.isEmpty { parameters.removeAll(keepingCapacity: true) }
    }
}
