/// What the checks of a URL ask about its destination.
struct DestinationTraits {
    /// By an IP address in place of a name.
    var isAddress: Bool
    /// Why requests to it will be refused, in words.
    var refusal: String?

    init(_ destination: Destination, refusal: String?) {
        self.refusal = refusal
        let host = Array(destination.host.utf8)
        isAddress =
            !HostName.isUsual(host[...])
            && (host.contains(UInt8(ascii: ":")) || IPv4Literal.parse(host[...]) != nil)
    }

    private init() {
        isAddress = false
    }

    /// Nothing to say about.
    static let usual = Self()
    var isUsual: Bool { !isAddress && refusal == nil }
}
