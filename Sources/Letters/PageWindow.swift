/// How many letters each connection of a walk holds. Pure.
///
/// A broker closes the channel of a letter that stays unacknowledged too long (30 minutes by default). The news stands
/// behind every letter that it had sent before, so a slow replay has few sent to it: what came is then read soon.
package struct PageWindow: Sendable {
    /// What a consumer may hold at most; its prefetch has 16 bits.
    package static let most = 50_000
    private let perSecond: Double?

    /// - Parameter perSecond: letters taken out a second; nil for as fast as can be.
    package init(perSecond: Double?) {
        self.perSecond = perSecond
    }

    /// - Parameter page: from 0. A page is full of letters that stay; so that these need few connections, the windows
    ///   grow, up to what five minutes take out, and after twenty pages without that bound.
    package func letters(onPage page: Int) -> Int {
        guard let perSecond, page < 20 else { return Self.most }
        let first = max(32, 2 * perSecond)
        return Int(min(Double(Self.most), max(first, 300 * perSecond), first * Double(1 << page)))
    }
}
