internal import CCurl

/// The proxy that all requests go through: what libcurl is told, and the way to its address. Confined to the loop's
/// thread.
final class ForwardProxy {
    /// For looking up its name like any other; whatever address it has is permitted.
    let origin: Origin
    /// For `CURLOPT_PROXY`; a name for SOCKS to resolve needs the scheme `socks5h`.
    let url: String
    /// Whether its scheme says that it resolves names itself.
    let leavesNames: Bool
    /// Monotonic nanoseconds of the last request that went through it; nil before the first.
    private var provenAt: Int64?

    /// How long a request that went through speaks for the proxy, in nanoseconds.
    private static let proofTime: Int64 = 60_000_000_000

    /// - Throws: `TransferFailure` when it is no URL; the text is not quoted, since it may hold a password.
    init(_ text: String, resolvesNames: Bool) throws(TransferFailure) {
        let parts = try URLParts(proxy: text)
        leavesNames = parts.scheme == "socks5h"
        url = resolvesNames && parts.scheme == "socks5" ? "socks5h" + text.dropFirst("socks5".count) : text
        let anywhere = EgressPolicy(
            allowed: ["0.0.0.0/0", "::/0"].compactMap { AddressBlock($0) },
            ports: [1...UInt16.max]
        )
        do throws(TransferFailure) {
            origin = try Origin(
                isTLS: parts.scheme == "https",
                host: parts.host,
                port: parts.port,
                shardHint: 0,
                egress: anywhere,
                isProxy: true
            )
        } catch {
            throw TransferFailure(.local, "egress.proxy: \(error)")
        }
    }

    /// Something went through.
    func prove(now: Int64) { provenAt = now }

    /// Whether a failure behind the proxy is more likely the destination's than the proxy's own.
    func isProven(now: Int64) -> Bool { provenAt.map { now - $0 < Self.proofTime } ?? false }
}
