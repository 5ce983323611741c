import Worker

/// All chance of a run, from one seed.
final class Dice {
    private var generator: SplitMix64

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    func seed() -> UInt64 { generator.next() }

    /// Whether something of this probability happens.
    func chance(_ probability: Double) -> Bool { generator.fraction() < probability }

    func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(generator.next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    /// A length in nanoseconds, short ones as likely as long ones: each doubling of the range has the same share.
    func length(_ range: ClosedRange<Int64>) -> Int64 {
        let low = Double(max(1, range.lowerBound))
        var length = low
        var rest = Double(range.upperBound) / low
        // No logarithm: its last bit may differ from machine to machine.
        while rest > 1 {
            let step = min(2, rest)
            if rest <= 2 || chance(1 / Self.doublings(rest)) {
                return Int64(length * (1 + (step - 1) * generator.fraction()))
            }
            length *= 2
            rest /= 2
        }
        return Int64(length)
    }

    private static func doublings(_ ratio: Double) -> Double {
        var count = 1.0
        var rest = ratio
        while rest > 2 {
            rest /= 2
            count += 1
        }
        return count
    }

    func pick<Element>(_ choices: [Element]) -> Element { choices[number(0...choices.count - 1)] }

    /// One of the choices, by weight.
    func draw<Element>(_ choices: [(weight: Double, Element)]) -> Element {
        var rest = generator.fraction() * choices.reduce(0) { $0 + $1.weight }
        for (weight, choice) in choices {
            rest -= weight
            if rest < 0 { return choice }
        }
        return choices[choices.count - 1].1
    }
}

/// Lengths in nanoseconds.
extension Int64 {
    static func microseconds(_ count: Int64) -> Int64 { count * 1000 }
    static func milliseconds(_ count: Int64) -> Int64 { count * 1_000_000 }
    static func seconds(_ count: Int64) -> Int64 { count * 1_000_000_000 }
}
