/// The first letters of a replay, which are watched before the others go. Pure.
package struct Canary: Sendable, Equatable {
    package enum Step: Sendable, Equatable {
        case wait, goOn, stop
    }

    /// How many go first.
    package let size: Int
    /// From this share of them on the replay stops, 0 up to 1.
    package let share: Double
    /// How the first try of each ended; of a letter with several deliveries, whether all arrived.
    private var verdicts: [ReplayedKey: Bool] = [:]
    package var delivered: Int { verdicts.values.count { $0 } }
    /// Whatever did not arrive on its first try, also what will be tried again.
    package var failed: Int { verdicts.values.count { !$0 } }

    package init(size: Int, share: Double) {
        self.size = size
        self.share = share
    }

    /// Of one letter.
    /// - Parameters:
    ///   - letter: what is known of it already is not overwritten by a success.
    ///   - isDelivered: how a first try of it ended.
    package mutating func note(_ letter: ReplayedKey, isDelivered: Bool) {
        verdicts[letter] = verdicts[letter] ?? true && isDelivered
    }

    /// - Parameter sent: how many went that can be told apart, when these are fewer than the canary wants.
    package func step(sent: Int) -> Step {
        let size = min(self.size, sent)
        // At least one must fail, also when the share is 0.
        if failed > 0, Double(failed) >= share * Double(size) { return .stop }
        return delivered + failed >= size ? .goOn : .wait
    }

    /// `0.5` or `50%`; nil for what is no share of 0 to 1.
    package static func share(_ text: String) -> Double? {
        let isPercent = text.last == "%"
        guard let number = Double(isPercent ? text.dropLast() : text[...]), number.isFinite else { return nil }
        let share = isPercent ? number / 100 : number
        return (0...1).contains(share) ? share : nil
    }
}
