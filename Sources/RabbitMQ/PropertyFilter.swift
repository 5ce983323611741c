/// Which headers of a message may be published again.
///
/// The broker's own x-headers are left out: on 3.x a republished `x-death` is believed, and can hold a message in a
/// retry queue for ever (PLUMBING 3.2). `CC` and `BCC` would route the copy to where the original went.
package enum PropertyFilter {
    package static func allows(_ name: some Sequence<UInt8>) -> Bool {
        let name = Array(name)
        if refusedNames.contains(name) { return false }
        return !refusedPrefixes.contains { name.starts(with: $0) }
    }

    private static let refusedNames: Set<[UInt8]> = Set(
        ["CC", "BCC", "x-delivery-count", "x-acquired-count", "x-opt-delivery-time"].map { Array($0.utf8) }
    )
    private static let refusedPrefixes: [[UInt8]] =
        ["x-death", "x-first-death-", "x-last-death-", "x-stream-"].map { Array($0.utf8) }
}
