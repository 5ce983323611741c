import TestSupport
import Testing

@testable import Telemetry

@Suite("The secret mask")
struct SecretMaskTests {
    /// The default of the key `mask` (CONTRACT section 3).
    private let mask = SecretMask(words: ["token", "key", "secret", "signature", "password", "auth", "hash"])

    @Test(
        "takes secrets out of URLs and leaves the rest",
        arguments: [
            ("https://u:p@h.example/x?a=1", "https://***@h.example/x?a=1"),
            ("amqp://guest:guest@127.0.0.1:5672/%2f", "amqp://***@127.0.0.1:5672/%2f"),
            ("amqp://user@h/", "amqp://***@h/"),
            ("amqp://u:pa/ss@h/v", "amqp://***@h/v"), ("amqp://u:p?a#s@h/v", "amqp://***@h/v"),
            ("amqp://u:p@ss@h/v", "amqp://***@h/v"),
            ("//u:p@h/x", "//***@h/x"), ("https://h:8080/a@b", "https://h:8080/a@b"),
            ("https://[::1]:80/a@b", "https://[::1]:80/a@b"), ("https://@h/", "https://@h/"),
            ("https://h/p?token=abc", "https://h/p?token=***"),
            ("https://h/p?a=1&token=abc&b=2", "https://h/p?a=1&token=***&b=2"),
            ("https://h/p?Api_Key=abc#x", "https://h/p?Api_Key=***#x"),
            ("https://h/p?token=", "https://h/p?token="), ("https://h/p?token", "https://h/p?token"),
            ("https://h/p?token=a=b", "https://h/p?token=***"),
            ("https://h/p?token=a;b=c&d=e", "https://h/p?token=***&d=e"),
            ("https://h/p?token=a?b&d=e", "https://h/p?token=***&d=e"),
            ("https://h/p?a=1;token=x&d=e", "https://h/p?a=1;token=***&d=e"),
            ("https://h/p?a=1?token=x", "https://h/p?a=1?token=***"),
            ("https://h/p?a=1&amp;token=x", "https://h/p?a=1&amp;token=***"),
            ("https://h/p?%74oken=x", "https://h/p?%74oken=***"),
            ("https://h/p?user[token]=x", "https://h/p?user[token]=***"),
            ("https://h/p#access_token=x&y=1", "https://h/p#access_token=***&y=1"),
            ("https://h/token/abc?a=1", "https://h/token/abc?a=1"),
            ("https://h/token=abc", "https://h/token=abc"),
            ("https://h/p?next=https%3A%2F%2Fx%2F%3Ftoken%3Dabc&b=2", "https://h/p?next=***&b=2"),
            ("https://h/p?next=https%253A%252F%252Fx%253Ftoken%253Dabc", "https://h/p?next=***"),
            ("https://h/p?next=https%3A%2F%2Fu%3Ap%40x%2F", "https://h/p?next=***"),
            ("https://h/p?next=https%3A%2F%2Fx%2F%3Fa%3Dabc", "https://h/p?next=https%3A%2F%2Fx%2F%3Fa%3Dabc"),
            ("https://h/p?mail=a%40b.example", "https://h/p?mail=a%40b.example"),
            ("", ""), ("?", "?"), ("?token=a", "?token=***"), ("/p?token=a", "/p?token=***"), ("//", "//"),
            ("https://h/p?100%&token=%", "https://h/p?100%&token=***"),
            ("https://h/ü?ä=ö&token=ß", "https://h/ü?ä=ö&token=***"),
            ("https://h/abcdefgh?token=abcdefgh&x=abcdefgh1", "https://h/***?token=***&x=***1"),
            ("https://h/abc?token=abc", "https://h/abc?token=***"),
        ]
    )
    func urls(url: String, masked: String) {
        #expect(mask.url(url) == masked)
        #expect(mask.url(Array(url.utf8)) == Array(masked.utf8))
    }

    @Test(
        "knows a secret by its name",
        arguments: [
            "token", "TOKEN", "access_token", "accessToken", "token_id", "tokenId", "tokens", "user.token", "apikey",
            "api_key", "API-KEY", "apiKey", "key", "keys", "X-Key-Id", "key1", "2key", "md5hash", "passwordHash",
            "client_secret", "auth", "x-auth", "Signature256", "to_ken",
        ]
    )
    func secret(name: String) {
        #expect(mask.isSecret(parameter: name))
    }

    @Test(
        "knows what is none",
        arguments: [
            "", "keyword", "KEYWORDS", "author", "authority", "hashtag", "tokenize", "ke", "click_id", "payout", "k",
            "s",
        ]
    )
    func notSecret(name: String) {
        #expect(!mask.isSecret(parameter: name))
    }

    @Test("compares configured words by their letters and digits")
    func words() {
        let mask = SecretMask(words: ["API-Key", "", "--", "sig"])
        #expect(mask.isSecret(parameter: "apikey"))
        #expect(mask.isSecret(parameter: "my_api_key"))
        #expect(mask.isSecret(parameter: "x-sig"))
        #expect(!mask.isSecret(parameter: "key"))
        #expect(!mask.isSecret(parameter: "signed"))
        #expect(SecretMask(words: []).url("https://u:p@h/?token=x") == "https://***@h/?token=x")
    }

    @Test(
        "masks headers",
        arguments: [
            ("Authorization: Bearer abc", "Authorization: ***"), ("X-Api-Key:abc", "X-Api-Key:***"),
            ("cookie:  a=b", "cookie:  ***"), ("Content-Type: text/plain", "Content-Type: text/plain"),
            ("X-Token:", "X-Token:"), ("X-Token:  ", "X-Token:  "), ("no colon token", "no colon token"),
            ("Proxy-Authorization: Basic x", "Proxy-Authorization: ***"),
        ]
    )
    func headers(line: String, masked: String) {
        #expect(mask.header(line) == masked)
    }

    @Test("masks a header's value by its name")
    func headerValue() {
        #expect(mask.header(name: "X-Secret", value: "abc") == "***")
        #expect(mask.header(name: "X-Secret", value: "") == "")
        #expect(mask.header(name: "Accept", value: "*/*") == "*/*")
    }

    @Test("masks forms")
    func forms() {
        #expect(mask.form("a=1&token=abc&b=2") == "a=1&token=***&b=2")
        #expect(mask.form("token=abc") == "token=***")
        #expect(mask.form("https://u:p@h/") == "https://u:p@h/")
    }

    @Test("never leaves a secret, and never touches anything else", arguments: 0..<50 as Range<UInt64>)
    func property(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            var (url, masked, secrets) = ("https://", "https://", [String]())
            if Bool.random(using: &random) {
                secrets.append(random.secret())
                url += "\(secrets[0]):\(secrets[0])@"
                masked += "***@"
            }
            let path = "h\(random.word()).example:8080/\(random.word())/@/\(random.word())?"
            url += path
            masked += path
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let separator = ["&", ";", "&&", "?", "#"].randomElement(using: &random) ?? "&"
                if Bool.random(using: &random) {
                    let secret = random.secret()
                    secrets.append(secret)
                    let name =
                        ["token", "apiKey", "X-AUTH", "%6bey", "a.hash[0]", "password2"].randomElement(using: &random)
                        ?? ""
                    // A secret ends at & or # only, so that is how these must be closed.
                    url += "\(separator)\(name)=\(secret)&"
                    masked += "\(separator)\(name)=***&"
                } else {
                    let plain = "\(separator)p\(random.word())=\(random.word())%20%zz&"
                    url += plain
                    masked += plain
                }
            }
            let result = mask.url(url)
            #expect(result == masked)
            for secret in secrets { #expect(!result.contains(secret)) }
            #expect(mask.url(result) == result)
        }
    }

    @Test("takes any bytes", arguments: 0..<20 as Range<UInt64>)
    func anyBytes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("/:?#&;=@%[]\\tokenT2%40%3D".utf8) + [0, 0xFF, 0xC3]
        for _ in 0..<2000 {
            let url = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            let once = mask.url(url)
            #expect(mask.url(once) == once, "\(String(decoding: url, as: UTF8.self))")
        }
    }
}

extension SeededGenerator {
    /// Lower case letters that hold no mask word.
    fileprivate mutating func word() -> String {
        String((0..<Int.random(in: 1...8, using: &self)).map { _ in "bcdfgjlmnpq".randomElement(using: &self) ?? "b" })
    }

    /// Unlike any word, and with what a secret may hold.
    fileprivate mutating func secret() -> String {
        "S"
            + String(
                (0..<Int.random(in: 9...20, using: &self)).map { _ in
                    "ZYXWV0123-._~=%2F!".randomElement(using: &self) ?? "Z"
                }
            )
    }
}
