import Testing

@testable import Telemetry

@Suite("Secret pairs")
struct SecretPairsTests {
    /// The default of the key `mask` (CONTRACT section 3).
    private let mask = SecretMask(words: ["token", "key", "secret", "signature", "password", "auth", "hash"])

    @Test(
        "pairs found once hide the same in every URL of a template",
        arguments: [
            "/p?token=A", "/p?a=A&token=B&b=C", "/A?key=s3cret&x=A", "/p?a=A;token=B;c=A&d=C", "/p?x=A?token=B#key=C",
            "/p?token&a=A", "/p?token=", "/p", "/?", "/A?b=A", "/p?a=1&&key=A&&", "/p#access_token=A&y=B",
            "/p?key=A=B&x=C", "/x?api%5fkey=A&b=B",
        ]
    )
    func pairs(template: String) throws {
        let origin = "https://abcdefgh.example"
        let values = ["", "1", "12345678", "abcdefgh", "abcdefghi", "%20x%C3%BC"]
        let first = template.replacing("A", with: "x").replacing("B", with: "y").replacing("C", with: "z")
        let pairs = try #require(mask.secretPairs(in: Array(first.utf8)))
        var shortened = 0
        for a in values {
            for b in values {
                let target = template.replacing("A", with: a).replacing("B", with: b).replacing("C", with: "z")
                guard let shown = pairs.masked(Array(target.utf8), origin: Array(origin.utf8)) else { continue }
                shortened += 1
                #expect(origin + String(decoding: shown, as: UTF8.self) == mask.url(origin + target))
            }
        }
        #expect(shortened > 0)
    }

    @Test("a secret that stands elsewhere too is no case for pairs")
    func repeatedPairs() throws {
        let pairs = try #require(mask.secretPairs(in: Array("/p?token=x&a=y".utf8)))
        let origin = Array("https://abcdefgh.example".utf8)
        #expect(pairs.masked(Array("/p?token=12345678&a=123456789".utf8), origin: origin) == nil)
        #expect(pairs.masked(Array("/p?token=abcdefgh&a=1".utf8), origin: origin) == nil)
        let short = pairs.masked(Array("/p?token=1234567&a=1234567".utf8), origin: origin)
        #expect(short == Array("/p?token=***&a=1234567".utf8))
    }

    @Test("more pairs than there are bits, with a secret behind them")
    func manyPairs() {
        let many = (0..<80).map { "a\($0)=1" }.joined(separator: "&")
        #expect(mask.secretPairs(in: Array("/?\(many)".utf8)) != nil)
        #expect(mask.secretPairs(in: Array("/?\(many)&token=x".utf8)) == nil)
    }
}
