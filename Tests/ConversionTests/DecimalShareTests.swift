import TestSupport
import Testing

@testable import Conversion

@Suite("A share of an amount")
struct DecimalShareTests {
    /// The share by long multiplication on digits, and rounding on the digits: slow, and sure.
    private func reference(_ amount: DecimalAmount, _ part: DecimalAmount) -> DecimalAmount? {
        amount.multiplied(by: part)?.rounded(to: max(2, amount.scale))
    }

    @Test("agrees with the exact product, rounded, wherever that has room", arguments: 0..<50)
    func agreement(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let amount = DecimalAmount(
                coefficient: Int128(Int64.random(in: -10_000_000_000...10_000_000_000, using: &generator)),
                scale: Int.random(in: 0...8, using: &generator)
            )
            let scale = Int.random(in: 0...8, using: &generator)
            let limit = Int64(DecimalAmount.powersOfTen[scale])
            let part = DecimalAmount(
                coefficient: Int128(Int64.random(in: 0...limit, using: &generator)),
                scale: scale
            )
            let expected = try #require(reference(amount, part))
            let share = try #require(amount.share(part))
            #expect(share == expected)
            #expect(share.scale == max(2, amount.scale))
        }
    }

    @Test("has room for the largest amount and the longest part")
    func largest() throws {
        let nines = String(repeating: "9", count: 18)
        let amount = try #require(DecimalAmount(parsing: "-\(nines).\(nines)"))
        let part = try #require(DecimalAmount(parsing: "0.\(nines)"))
        #expect(amount.share(part)?.description == "-\(nines.dropLast())8.\(nines)")
        #expect(amount.share(DecimalAmount(1)) == amount)
        #expect(amount.share(.zero)?.isZero == true)
    }

    @Test("is nil rather than wrong when it has no room")
    func overflow() throws {
        let huge = DecimalAmount(coefficient: DecimalAmount.powersOfTen[38] - 1, scale: 2)
        #expect(huge.share(DecimalAmount(10)) == nil)
        #expect(huge.share(DecimalAmount(1)) == huge)
    }
}
