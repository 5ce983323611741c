/// Which headers of a message may be published again.
///
/// The broker's own x-headers are left out: on 3.x a republished `x-death` is believed, and can hold a message in a
/// retry queue for ever (PLUMBING 3.2). `CC` and `BCC` would route the copy to where the original went.
package enum PropertyFilter {
    package static func allows(_ name: some Collection<UInt8>) -> Bool {
        // Of most, the first letter tells.
        switch name.first {
        case UInt8(ascii: "C"), UInt8(ascii: "B"), UInt8(ascii: "x"):
            !refusedNames.contains { name.elementsEqual($0.utf8) }
                && !refusedPrefixes.contains { name.starts(with: $0.utf8) }
        default: true
        }
    }

    private static let refusedNames = ["CC", "BCC", "x-delivery-count", "x-acquired-count", "x-opt-delivery-time"]
    private static let refusedPrefixes = ["x-death", "x-first-death-", "x-last-death-", "x-stream-"]
}
