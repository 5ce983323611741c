/// The first letters of a replay, which are watched before the others go. Pure.
package struct Canary: Sendable, Equatable {
    package enum Step: Sendable, Equatable {
        case wait, goOn, stop
    }

    /// How many go first.
    package let size: Int
    /// From this share of them on the replay stops, 0 up to 1.
    package let share: Double
    package private(set) var delivered = 0
    /// Whatever did not arrive on its first try, also what will be tried again.
    package private(set) var failed = 0

    package init(size: Int, share: Double) {
        self.size = size
        self.share = share
    }

    /// - Parameter isDelivered: how the first try of one of them ended.
    package mutating func note(isDelivered: Bool) {
        if isDelivered { delivered += 1 } else { failed += 1 }
    }

    /// - Parameter sent: how many went, when there were fewer letters than the canary wants.
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
