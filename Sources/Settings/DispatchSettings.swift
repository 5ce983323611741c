package import Documents

/// Section `dispatch`: how requests are sent.
package struct DispatchSettings: Sendable, Equatable {
    /// Requests in flight at a time, over all hosts, 1 to 20000.
    package var concurrency = 500
    /// Requests in flight at a time to one host, 1 to 20000.
    package var perHost = 50
    /// Requests a second to one host, 0 to 1000000; 0: as many as it takes.
    package var rate = 0.0
    /// Until TCP and TLS stand, 100 ms to 10 min.
    package var connectTimeout = Milliseconds(2_000)
    /// For the whole request, 100 ms to 10 min.
    package var timeout = Milliseconds(5_000)
    /// Bytes of an answer that are kept, 1 KiB to 16 MiB.
    package var maxResponse = 64 << 10
    /// Threads that send, 1 to 64; not more than ``concurrency`` and ``perHost``, which they share.
    package var lanes = 1

    /// All defaults.
    package init() {}

    mutating func read(_ section: SettingsSection) {
        let timeouts = Milliseconds(100)...Milliseconds(600_000)
        section.read("concurrency", .integer(in: 1...20_000), into: &concurrency)
        section.read("per_host", .integer(in: 1...20_000), into: &perHost)
        section.read("rate", .number(in: 0...1_000_000), into: &rate)
        section.read("connect_timeout", .duration(in: timeouts), into: &connectTimeout)
        section.read("timeout", .duration(in: timeouts), into: &timeout)
        section.read("max_response", .byteSize(in: ByteSize(1 << 10)...ByteSize(16 << 20)), into: &maxResponse)
        section.read("lanes", .integer(in: 1...64), into: &lanes)
        // Each lane has its share, and none can have less than one.
        for (key, value) in [("concurrency", concurrency), ("per_host", perHost)] where lanes > value {
            section.refuse(
                "lanes (\(lanes)) may not be more than \(key) (\(value)), which they share: lower lanes or raise \(key)"
            )
        }
    }
}
