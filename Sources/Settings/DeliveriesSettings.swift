package import Documents

/// Section `deliveries`: the delivery log, a stream on the broker.
package struct DeliveriesSettings: Sendable, Equatable {
    /// What is written to it.
    package enum Log: String, Sendable, CaseIterable {
        case all
        /// Attempts that failed and deliveries that were not sent.
        case failures
        case none
    }

    /// What is written to it.
    package var log = Log.all
    /// How long records are kept, whole seconds (the broker knows no finer), 1 s to 3650 d.
    package var maxAge = Milliseconds(7 * 86_400_000)
    /// How many bytes are kept, 1 MiB to 1024 TiB.
    package var maxBytes = 2 << 30

    /// All defaults.
    package init() {}

    mutating func read(_ section: SettingsSection) {
        section.read("log", .choice, into: &log)
        section.read("max_age", .wholeSeconds(in: Milliseconds(1_000)...Milliseconds(3650 * 86_400_000)), into: &maxAge)
        section.read("max_bytes", .byteSize(in: ByteSize(1 << 20)...ByteSize(1 << 50)), into: &maxBytes)
    }
}

extension SettingKind where Value == Milliseconds {
    fileprivate static func wholeSeconds(in range: ClosedRange<Milliseconds>) -> Self {
        let duration = duration(in: range)
        let allowed = "\(duration.allowed) in whole seconds"
        return Self(allowed) { value in
            guard let length = duration.convert(value) else { return nil }
            if length.value.isMultiple(of: 1000) { return length }
            value.refuse(mustBe: allowed)
            return nil
        }
    }
}
