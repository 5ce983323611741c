import Conversion
import TestSupport
import Testing

@Suite struct DecimalAmountTests {
    @Test(arguments: [
        "0", "1", "-1", "0.5", "1.50", "-0.001", "123456789012345678.123456789012345678", "-999999999999999999", "10",
        "100.00",
    ])
    func `The digits survive as written`(text: String) throws {
        #expect(try #require(DecimalAmount(parsing: text)).description == text)
    }

    @Test(arguments: [
        "", "-", "+1", ".5", "1.", "01", "00", "-01", "1,5", "1 ", " 1", "1e2", "1E2", "0x1", "NaN", "١", "1.2.3",
        "--1", "1.5e",
        "1234567890123456789", "0.1234567890123456789",
    ])
    func `Anything else is refused`(text: String) {
        #expect(DecimalAmount(parsing: text) == nil)
    }

    @Test func `Equality, order and hash go by value`() throws {
        let texts = [
            "-10", "-1.5", "-1.49", "-0.1", "0", "0.01", "0.1", "0.11", "1", "1.000000000000000001", "2", "10",
        ]
        let amounts = try texts.map { try #require(DecimalAmount(parsing: $0)) }
        for (i, a) in amounts.enumerated() {
            for (j, b) in amounts.enumerated() {
                #expect((a < b) == (i < j))
                #expect((a == b) == (i == j))
            }
        }
        let (short, long) = (DecimalAmount(parsing: "1.5"), DecimalAmount(parsing: "1.500"))
        #expect(short == long && short.hashValue == long.hashValue)
        #expect(DecimalAmount(parsing: "-0.00") == .zero)
        #expect(DecimalAmount(parsing: "-0.00")?.description == "0.00")
        #expect(DecimalAmount(7).description == "7")
    }

    @Test func `Random amounts: text, order and product agree with whole-number arithmetic`() throws {
        var random = SeededGenerator(seed: 11)
        func scaled(_ units: Int, _ digits: Int) -> String {
            var text = String(abs(units))
            while text.count <= digits { text = "0" + text }
            let point = text.index(text.endIndex, offsetBy: -digits)
            return (units < 0 ? "-" : "") + text[..<point] + (digits > 0 ? "." : "") + text[point...]
        }
        for _ in 0..<20_000 {
            let (a, b) = (
                Int.random(in: -999_999...999_999, using: &random), Int.random(in: -999_999...999_999, using: &random)
            )
            let digits = Int.random(in: 0...6, using: &random)
            let x = try #require(DecimalAmount(parsing: scaled(a, digits)))
            let y = try #require(DecimalAmount(parsing: scaled(b, digits)))
            if a != 0 { #expect(x.description == scaled(a, digits)) }
            #expect((x < y) == (a < b))
            #expect((x == y) == (a == b))
            #expect(x.multiplied(by: y) == DecimalAmount(parsing: scaled(a * b, 2 * digits)))
        }
    }

    @Test(arguments: [
        ("0.125", 2, "0.12", "0.13"), ("0.375", 2, "0.38", "0.38"), ("-0.125", 2, "-0.12", "-0.13"),
        ("0.126", 2, "0.13", "0.13"),
        ("0.1251", 2, "0.13", "0.13"), ("2.5", 0, "2", "3"), ("3.5", 0, "4", "4"), ("-2.5", 0, "-2", "-3"),
        ("9.99", 1, "10.0", "10.0"),
        ("1.5", 2, "1.50", "1.50"), ("0", 2, "0.00", "0.00"), ("0.4", 0, "0", "0"), ("1.234", 3, "1.234", "1.234"),
    ])
    func `Rounding gives exactly the digits asked for`(text: String, digits: Int, even: String, up: String) throws {
        let amount = try #require(DecimalAmount(parsing: text))
        #expect(amount.rounded(to: digits).description == even)
        #expect(amount.rounded(to: digits, .halfUp).description == up)
    }

    @Test func `Arithmetic never overflows`() throws {
        let large = try #require(DecimalAmount(parsing: "999999999999999999.999999999999999999"))
        let small = try #require(DecimalAmount(parsing: "0.000000000000000001"))
        #expect(large.multiplied(by: large) == nil)
        #expect(large.multiplied(by: small)?.description == "0." + String(repeating: "9", count: 36))
        let tiny = try #require(small.multiplied(by: small))
        #expect(tiny.description == "0.000000000000000000000000000000000001")
        #expect(tiny.multiplied(by: tiny) == nil)
        #expect(large.rounded(to: 38) == large)
        #expect(large.rounded(to: 0).description == "1000000000000000000")
        #expect(large.rounded(to: -5) == large.rounded(to: 0))
        #expect(tiny.rounded(to: 999).description.count == 40)
        #expect(tiny < small && small < large)
        #expect(large.multiplied(by: DecimalAmount(0)) == .zero)
    }
}
