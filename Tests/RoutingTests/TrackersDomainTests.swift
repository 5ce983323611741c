import Testing

@testable import Routing

@Suite("The domain of a tracker")
struct TrackersDomainTests {
    @Test(
        "is brought to lower-case ASCII",
        arguments: [
            ("abc.voluumtrk.example", "abc.voluumtrk.example"), ("ABC.Example.COM", "abc.example.com"),
            ("track.example.com:8443", "track.example.com:8443"), ("localhost", "localhost"),
            ("localhost:8080", "localhost:8080"), ("bücher.example", "xn--bcher-kva.example"),
            ("BÜCHER.Example", "xn--bcher-kva.example"), ("straße.example", "xn--strae-oqa.example"),
            ("пример.example", "xn--e1afmkfd.example"), ("例え.example", "xn--r8jz45g.example"),
            ("उदाहरण.example", "xn--p1b6ci4b4b3a.example"), ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("a-1.b2.example", "a-1.b2.example"), ("münchen.example:8080", "xn--mnchen-3ya.example:8080"),
        ]
    )
    func taken(text: String, canonical: String) throws {
        #expect(try TrackerDomain.canonical(text) == canonical)
    }

    @Test(
        "is refused with what was probably meant",
        arguments: [
            ("", "is empty", "track.example.com"),
            ("https://abc.example.com/postback?cid=1", "is a URL", "probably abc.example.com"),
            ("abc.example.com/postback", "more than a domain", "probably abc.example.com"),
            ("abc.example.com?x=1", "more than a domain", "probably abc.example.com"),
            ("abc.example.com#top", "more than a domain", "probably abc.example.com"),
            ("abc.example.com\\x", "more than a domain", "probably abc.example.com"),
            ("user@abc.example.com", "user name or password", "domain alone"),
            ("user:secret@abc.example.com", "user name or password", "domain alone"),
            ("192.0.2.1", "IP address", "name of the host"),
            ("192.0.2.1:8080", "IP address", "name of the host"),
            ("127.1", "another spelling of an IP address", "a name"),
            ("0x7f.1", "another spelling of an IP address", "a name"),
            ("2130706433", "another spelling of an IP address", "a name"),
            ("[2001:db8::1]", "IP address", "name of the host"),
            ("2001:db8::1", "IP address", "name of the host"),
            ("voluum", "only a part of a domain", "track.example.com"),
            ("abc example.com", "blank", "take it out"),
            (" abc.example.com", "blank", "take it out"),
            ("abc.example.com\n", "line break", "take it out"),
            ("abc.example.com:", "is not a port", "65535"),
            ("abc.example.com:0", "is not a port", "65535"),
            ("abc.example.com:65536", "is not a port", "65535"),
            ("abc.example.com:8o", "is not a port", "65535"),
            ("abc..example.com", "empty part", ""),
            (".example.com", "empty part", ""),
            ("abc.example.com.", "ends with a dot", "without the dot"),
            ("abc_1.example.com", "holds \"_\"", ""),
            ("-abc.example.com", "hyphen", ""),
            ("{{click_id}}.example.com", "a token may not stand in a domain", "when the routes are loaded"),
            ("ab\u{301}c.example.com", "U+0301", "xn--"),
            ("ｅｘａｍｐｌｅ.example", "U+FF45", "xn--"),
            ("ﬁrma.example", "U+FB01", "xn--"),
            ("a\u{200B}b.example", "U+200B", "xn--"),
            ("a。example", "U+3002", "xn--"),
            ("\u{94D}क.example", "U+094D", "xn--"),
            ("♥.example", "U+2665", "xn--"),
            ("ü!.example", "U+0021", "xn--"),
        ]
    )
    func refused(text: String, problem: String, hint: String) {
        #expect {
            try TrackerDomain.canonical(text)
        } throws: { error in
            guard let flaw = error as? TrackerDomain.Flaw else { return false }
            return flaw.message.contains(problem) && (hint.isEmpty || flaw.hint?.contains(hint) == true)
        }
    }

    @Test("is never a crash, and what is taken is a host that a URL may have", arguments: 0..<300)
    func garbage(seed: Int) {
        var dice = Dice(seed)
        var text = ""
        for _ in 0..<Int.random(in: 0...6, using: &dice) {
            text += ["a", "ü", ".", ":", "8", "-", "xn--", "@", "/", dice.text(2)].randomElement(using: &dice) ?? ""
        }
        guard let domain = try? TrackerDomain.canonical(text) else { return }
        #expect(Fixture.errors(ofURL: "https://\(domain)/?c={{click_id}}").isEmpty, "\(text) \(domain)")
    }
}
