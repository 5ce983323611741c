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
    /// Seconds that its destination is shut for yet: to come sooner would be of no use. 0 where it is open.
    package var shut: Double
    /// Seconds from then until its turn, as far as can be told.
    package var turn: Double
    /// How many are parked for the destination, as far as can be told.
    package var line: Int

    package var isShut: Bool { shut > 0 }

    package init(_ cause: ParkingCause, shut: Double = 0, turn: Double, line: Int = 1) {
        self.cause = cause
        self.shut = shut
        self.turn = turn
        self.line = line
    }

    /// How long to wait on the ladder, in milliseconds.
    ///
    /// The estimate is the delivery's place in the line of parked ones, over the rate at which its destination takes
    /// them, so a line comes back at the pace at which it can be served. That pace may be the one of a bad minute that is
    /// over by then, so a short line looks again soon: after 32 s at most, and twice as long each time. Each look costs
    /// the broker a message, hence a long line waits for longer, a second for each hundred in it, 256 s at most. So
    /// 300,000 parked deliveries cost the broker some hundred messages a second, and a destination that is well
    /// again has all of them within 68 minutes. Each time it waits longer at least, too (1 s, 2 s, ... 32 s; 256 s where
    /// the destination is shut).
    ///
    /// Up to 512 s it is one rung, the lower or the higher by chance so that the mean is right. Where the destination is
    /// shut the first time is exact, over several rungs, since what was asked for is to be kept; later ones are one rung,
    /// never the lower.
    /// - Parameters:
    ///   - parked: how often this delivery was parked before.
    ///   - random: 0 to 1, evenly.
    package func delay(parked: Int, random: Double) -> Int64 {
        let times = max(parked, 0)
        let least = Double(1 << min(times, isShut ? 8 : 5))
        let most = min(min(max(32, Double(line) / 100), 256) * Double(1 << min(times, 7)), 4096)
        // For how long it is shut is bounded where that comes from.
        let seconds = max(shut + min(turn, most), least)
        if isShut, times == 0 { return Int64((seconds * 1000).rounded(.up)) }
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
