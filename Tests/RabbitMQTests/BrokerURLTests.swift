import RabbitMQ
import TestSupport
import Testing

@Suite struct BrokerURLTests {
    struct Parsed: Sendable {
        var text: String
        var isTLS = false
        var host = "h"
        var port: UInt16 = 5672
        var vhost = "/"
        var user = "guest"
        var password = "guest"
    }

    @Test(arguments: [
        Parsed(text: "amqp://h"), Parsed(text: "amqp://h/"), Parsed(text: "amqp://h/%2f"), Parsed(text: "amqp://h/%2F"),
        Parsed(text: "amqps://h", isTLS: true, port: 5671), Parsed(text: "amqps://h:5672/", isTLS: true),
        Parsed(text: "AMQP://h"), Parsed(text: "AmqpS://h", isTLS: true, port: 5671), Parsed(text: "amqp://h:"),
        Parsed(text: "amqp://h:/v", vhost: "v"), Parsed(text: "amqp://h:1", port: 1),
        Parsed(text: "amqp://h:65535", port: 65_535),
        Parsed(text: "amqp://u@h", user: "u"), Parsed(text: "amqp://u:@h", user: "u", password: ""),
        Parsed(text: "amqp://:@h", user: "", password: ""),
        Parsed(text: "amqp://u:p@h:1/v", port: 1, vhost: "v", user: "u", password: "p"),
        Parsed(text: "amqp://u:a:b:c@h", user: "u", password: "a:b:c"),
        Parsed(text: "amqp://u:p@ss@h", user: "u", password: "p@ss"),
        Parsed(text: "amqp://u:p[1]@h", user: "u", password: "p[1]"),
        Parsed(text: "amqp://u:%2F%3f%23%40%3A%25@h", user: "u", password: "/?#@:%"),
        Parsed(text: "amqp://us%65r:p%C3%A4ss@h/v%2Fw%20x", vhost: "v/w x", user: "user", password: "päss"),
        Parsed(text: "amqp://u:pä😀@h", user: "u", password: "pä😀"),
        Parsed(text: "amqp://[::1]", host: "::1"),
        Parsed(text: "amqp://[::1]:5673/v", host: "::1", port: 5673, vhost: "v"),
        Parsed(text: "amqp://u:p@[2001:db8::7]:1", host: "2001:db8::7", port: 1, user: "u", password: "p"),
        Parsed(text: "amqps://[::1]:/", isTLS: true, host: "::1", port: 5671),
        Parsed(text: "amqp://rabbit-1.example.com.:5672/prod", host: "rabbit-1.example.com.", vhost: "prod"),
        Parsed(text: "amqp://127.0.0.1/%00%01".replacing("%00", with: "%02"), host: "127.0.0.1", vhost: "\u{2}\u{1}"),
    ])
    func `What people write is understood`(expected: Parsed) throws {
        let url = try BrokerURL(parsing: expected.text)
        #expect(url.isTLS == expected.isTLS)
        #expect(url.host == expected.host)
        #expect(url.port == expected.port)
        #expect(url.vhost == expected.vhost)
        #expect(url.user == expected.user)
        #expect(url.password == expected.password)
    }

    @Test(arguments: [
        ("", "amqp:// or amqps://"), ("h", "amqp:// or amqps://"), ("amqp:h", "amqp:// or amqps://"),
        ("amqp:/h", "amqp:// or amqps://"), ("http://h", "amqp or amqps"), ("amqpss://h", "amqp or amqps"),
        ("://h", "amqp or amqps"),
        ("amqp://", "host is missing"), ("amqp:///v", "host is missing"), ("amqp://u:p@", "host is missing"),
        ("amqp://:5672", "host is missing"), ("amqp://[]", "host is missing"), ("amqp://h:0", "1 to 65535"),
        ("amqp://h:65536", "1 to 65535"), ("amqp://h:-1", "1 to 65535"), ("amqp://h:+5672", "1 to 65535"),
        ("amqp://h:5672x", "1 to 65535"), ("amqp://h:１", "1 to 65535"), ("amqp://::1", "host is missing"),
        ("amqp://[::1", "]"),
        ("amqp://[::1]x", "]"), ("amqp://h/a/b", "%2F"), ("amqp://h//", "%2F"), ("amqp://h/?heartbeat=5", "%3F"),
        ("amqp://u:p#q@h", "%23"), ("amqp://u:p?q@h", "%3F"), ("amqp://h/%", "two hexadecimal"),
        ("amqp://h/%4", "two hexadecimal"),
        ("amqp://h/%zz", "two hexadecimal"), ("amqp://u:%@h", "two hexadecimal"), ("amqp://h/%ff", "UTF-8"),
        ("amqp://%c3%28:p@h", "UTF-8"), ("amqp://h/%00", "NUL"), ("amqp://u:a%00b@h", "NUL"),
        ("amqp://h/" + String(repeating: "v", count: 256), "255"),
        ("amqp://" + String(repeating: "u", count: 256) + "@h", "255"),
        ("amqp://u:" + String(repeating: "p", count: 256) + "@h", "255"),
        ("amqp://" + String(repeating: "h", count: 256), "255"),
    ])
    func `What cannot be meant is refused, with what to write`(text: String, hint: String) {
        let error = #expect(throws: BrokerURL.ParseError.self) { try BrokerURL(parsing: text) }
        #expect(error?.description.contains(hint) == true)
    }

    @Test(arguments: [
        ("amqp://u:hunter2@h:1/v", "amqp://u:***@h:1/v"), ("amqps://u:hunter2@[::1]", "amqps://u:***@[::1]:5671/%2F"),
        ("amqp://h", "amqp://guest:***@h:5672/%2F"), ("amqp://u:hun%40ter2@h", "amqp://u:***@h:5672/%2F"),
    ])
    func `A log sees everything but the password`(text: String, masked: String) throws {
        #expect(try BrokerURL(parsing: text).masked == masked)
    }

    @Test(arguments: [
        "amqp://u:hunter2@", "amqp://u:hunter2@h:x", "amqp://u:hunter2@h/a/b", "amqp://u:hunter2?@h",
        "amqp://u:hunter2%@h",
        "amqp://u:hunter2%ff@h", "http://u:hunter2@h", "u:hunter2@h", "amqp://u:hunter2%00@h", "amqp://u:hunter2@[::1",
        "amqp://u:hunter2@h/%zz", "amqp://u:hunter2/rest@h", "amqp://u:hunter2/@h",
        "amqp://u:hunter2" + String(repeating: "x", count: 256) + "@h",
    ])
    func `No fault repeats the password`(text: String) {
        let error = #expect(throws: BrokerURL.ParseError.self) { try BrokerURL(parsing: text) }
        #expect(error?.description.contains("hunter2") == false)
    }

    /// `amqp://u:1234/w@h`: read by the letter this is host u, port 1234, vhost w@h, and the log would show it all.
    @Test func `A password with a raw slash does not end up in the log as port and vhost`() {
        let masked = (try? BrokerURL(parsing: "amqp://worker:1234/hunter2@h"))?.masked ?? "refused"
        #expect(!masked.contains("hunter2"))
    }

    @Test func `Random text never crashes it, and what it takes it keeps within bounds`() {
        let pieces = [
            "amqp://", "amqps://", "u", ":", "@", "/", "[", "]", "::1", "%", "%2f", "%ff", "h", "5672", "?", "#", "é",
            "\u{301}",
            "\u{0}", " ", "\n", "😀", "99999999999999999999",
        ]
        var generator = SeededGenerator(seed: 5)
        var taken = 0
        for _ in 0..<20_000 {
            var text = Bool.random(using: &generator) ? "amqp://" : ""
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                text += pieces.randomElement(using: &generator) ?? ""
            }
            guard let url = try? BrokerURL(parsing: text) else { continue }
            taken += 1
            if url.host.isEmpty || url.vhost.isEmpty || url.port == 0 {
                Issue.record("\(text.debugDescription) gave \(url)")
            }
        }
        #expect(taken > 100)
    }
}
