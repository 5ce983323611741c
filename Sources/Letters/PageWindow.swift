/// How many letters each connection of a walk holds. Pure.
///
/// A broker closes the channel of a letter that stays unacknowledged too long (30 minutes by default). The news stands
/// behind every letter that it had sent before, so a slow replay has few sent to it: what came is then read soon.
package struct PageWindow: Sendable {
    /// What a consumer may hold at most; its prefetch has 16 bits.
    package static let most = 50_000
    /// Enough that none is waited for. Of what a broker has sent ahead it keeps an account, and 50,000 of that cost it a
    /// sixth more processor time a letter.
    private static let ahead = 2048
    private let perSecond: Double?
    private let takesAll: Bool

    /// - Parameters:
    ///   - perSecond: letters taken out a second; nil for as fast as can be.
    ///   - takesAll: hardly any letter stays.
    package init(perSecond: Double?, takesAll: Bool = false) {
        self.perSecond = perSecond
        self.takesAll = takesAll
    }

    /// - Parameter page: from 0. A page is full of letters that stay; so that these need few connections, the windows
    ///   grow, up to what five minutes take out, and after twenty pages without that bound.
    package func letters(onPage page: Int) -> Int {
        if perSecond == nil, takesAll, page == 0 { return Self.ahead }
        guard let perSecond, page < 20 else { return Self.most }
        let first = max(32, 2 * perSecond)
        return Int(min(Double(Self.most), max(first, 300 * perSecond), first * Double(1 << page)))
    }
}
