import Testing

@testable import Telemetry

@Suite("Secrets that an answer repeats")
struct EchoedSecretsTests {
    private func masked(_ text: String, _ secrets: String...) -> String {
        EchoedSecrets(secrets.map { Array($0.utf8) }).masked(text)
    }

    @Test(
        "are hidden in every way in which an answer may spell them",
        arguments: [
            "s3cr3t/key+1=é", "S3CR3T/KEY+1=é", "s3cr3t%2Fkey%2B1%3D%C3%A9", "s3cr3t%2fkey%2b1%3d%c3%a9",
            "s3cr3t%252Fkey%252B1%253D%25C3%25A9", "s3cr3t\\/key+1=é", "s3cr3t\\u002fkey\\u002B1\\u003dé",
            "s3cr3t&#47;key&#x2B;1&#61;é", "%73%33%63%72%33%74/key+1=é",
        ]
    )
    func spellings(text: String) {
        #expect(masked("wrong \(text), sorry \(text)", "s3cr3t/key+1=é") == "wrong ***, sorry ***")
    }

    @Test("with a blank, a quotation mark, an ampersand or angle brackets are found in forms, JSON and HTML")
    func signs() {
        #expect(masked("a two+words b", "two words") == "a *** b")
        #expect(masked(#"{"key":"say \"hello\""}"#, #"say "hello""#) == #"{"key":"***"}"#)
        #expect(masked("<b>&lt;a&amp;b&gt;&quot;&apos;&#39;x</b>", #"<a&b>"''x"#) == "<b>***</b>")
    }

    @Test("are hidden where the answer was cut off within them, but not after a letter or two")
    func cutOff() {
        #expect(masked("wrong hush-hu", "hush-hush") == "wrong ***")
        #expect(masked("wrong hush…", "hush-hush") == "wrong ***…")
        #expect(masked("the answer holds \"hush-h…\", which", "hush-hush") == "the answer holds \"***…\", which")
        #expect(masked("wrong hus", "hush-hush") == "wrong hus")
        #expect(masked("hush-hu, you", "hush-hush") == "hush-hu, you")
    }

    @Test("of fewer than eight bytes would hide words by chance, and stay")
    func short() {
        #expect(masked("token abc1234 is wrong", "abc1234") == "token abc1234 is wrong")
        #expect(EchoedSecrets([Array("abc1234".utf8)]).isEmpty)
        #expect(masked("token abc12345 is wrong", "abc12345") == "token *** is wrong")
    }

    @Test("are hidden whole when one is a part of another")
    func nested() {
        #expect(masked("Bearer abcdefgh1 and abcdefgh", "abcdefgh", "Bearer abcdefgh1") == "*** and ***")
    }

    @Test("do not change other text, whatever bytes it has")
    func otherText() {
        for text in ["", "ok", "%", "%2", "%zz", "\\", "\\u00", "&", "&#", "&#;", "&#x;", "&#99999999;", "…", "100 %"] {
            #expect(masked(text, "hush-hush") == text)
        }
        let bytes = (0...255).map { UInt8($0) }
        #expect(EchoedSecrets([Array("hush-hush".utf8)]).masked(bytes) == bytes)
    }

    /// No spelling that percent-encodes some of the bytes lets one through.
    @Test("are found however an answer mixes plain and encoded characters", arguments: 0..<200)
    func mixed(seed: Int) {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let secret = (0..<(8 + next(24))).map { _ in UInt8(0x21 + next(94)) }
        var text = Array("before ".utf8)
        for byte in secret {
            let digits = String(byte, radix: 16)
            switch next(4) {
            case 0: text += "%\(digits)".utf8
            case 1: text += "\\u00\(digits)".utf8
            case 2: text += "&#\(byte);".utf8
            default: text.append(byte)
            }
        }
        text += " after".utf8
        #expect(String(decoding: EchoedSecrets([secret]).masked(text), as: UTF8.self) == "before *** after")
    }
}

@Suite("The secret values of a request")
struct SecretValuesTests {
    private let mask = SecretMask(words: ["token", "key", "secret"])

    private func texts(_ values: [[UInt8]]) -> [String] { values.map { String(decoding: $0, as: UTF8.self) } }

    @Test("are those of the masked parameters, decoded")
    func parameters() {
        let target = "/pb?cid=c1&token=a%2Fb%20c&x=1&apiKey=plain"
        #expect(texts(mask.secretValues(inURL: Array(target.utf8))) == ["a/b c", "plain"])
        #expect(texts(mask.secretValues(inForm: Array("a=1&secret=s%2B1".utf8))) == ["s+1"])
        #expect(mask.secretValues(inURL: Array("/pb?cid=c1".utf8)).isEmpty)
    }

    @Test("are also those of a URL within the URL")
    func nested() {
        let target = "/r?next=https%3A%2F%2Fx%2F%3Ftoken%3Dabc%26a%3D1"
        #expect(texts(mask.secretValues(inURL: Array(target.utf8))) == ["https://x/?token=abc&a=1", "abc"])
    }
}
