/// Why a delivery does not wait in memory for its destination but goes to the ladder, its attempt unspent.
package enum ParkingCause: Sendable, Equatable {
    /// The destination has as much under way as it takes, and enough waits for it here.
    case hostLimit
    /// Destinations that have not proved themselves share a part of `concurrency`, and enough waits for that.
    case concurrency
    case breaker
    /// The destination asked for a pause.
    case retryAfter
    /// A fault of our own.
    case ownFault
}

/// A delivery that is not to wait here, and what is known about when its turn may come.
package struct Parking: Sendable, Equatable {
    package var cause: ParkingCause
    /// Seconds until its turn, as far as can be told.
    package var wait: Double
    /// Until then its destination is shut: to come sooner would be of no use.
    package var isShut: Bool

    package init(_ cause: ParkingCause, wait: Double, isShut: Bool) {
        self.cause = cause
        self.wait = wait
        self.isShut = isShut
    }

    /// How long to wait on the ladder, in milliseconds.
    ///
    /// The estimate is the delivery's place in the line of parked ones, over the rate at which its destination takes
    /// them, so a line comes back at the pace at which it can be served. Each time a delivery is parked again it waits
    /// longer at least (1 s, 2 s, ... 32 s; 256 s where the destination is shut), and may wait longer at most (256 s, 512 s, ... 4096 s, unless the
    /// destination itself asked for more): so 300,000 parked deliveries cost the broker some hundred messages a second,
    /// and a destination that is well again has all of them within 68 minutes. Up to 512 s it is one rung, the lower or
    /// the higher by chance so that the mean is right. Where the destination is shut the first time is exact, over several
    /// rungs, since what was asked for is to be kept; later ones are one rung, never the lower.
    /// - Parameters:
    ///   - parked: how often this delivery was parked before.
    ///   - random: 0 to 1, evenly.
    package func delay(parked: Int, random: Double) -> Int64 {
        let least = Double(1 << min(max(parked, 0), isShut ? 8 : 5))
        let most = Double(256 << min(max(parked, 0), 4))
        var seconds = min(max(wait, least), most)
        // What it asked for, or the end of the breaker's time: both are bounded where they come from.
        if isShut { seconds = max(seconds, wait) }
        if isShut, parked == 0 { return Int64((seconds * 1000).rounded(.up)) }
        if seconds > 512 {
            let spread = isShut ? 0.1 * random : 0.2 * random - 0.1
            return Int64((seconds * (1 + spread) * 1000).rounded())
        }
        var rung = 1
        while Double(rung * 2) <= seconds { rung *= 2 }
        let excess = (seconds - Double(rung)) / Double(rung)
        let isHigher = isShut ? excess > 0 : random < excess
        return Int64(isHigher ? rung * 2 : rung) * 1000
    }
}
