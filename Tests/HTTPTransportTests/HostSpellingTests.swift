import Testing

@testable import HTTPTransport

@Suite struct HostSpellingTests {
    @Test(arguments: [
        "tracker.example", "a.b.c.test", "xn--bcher-kva.example", "a_b.test", "1.2.3.test", "tracker.test.",
    ])
    func `A name may be looked up`(host: String) {
        #expect(HostSpelling.flaw(of: host) == nil)
    }

    @Test(arguments: [
        "127.1", "127.0.0.1.", "2130706433", "0x7f.1", "0x7f000001", "0X7F.0.0.1", "0177.0.0.1", "127.0.0.0x1", "a.1",
        "0x", "127.0.0.-1", "a-.test",
        "１２７.0.0.1", "①②⑦.0.0.1", "127。0。0。1", "bücher.test", "", ".", "..", "a b", "a/b", "a@b", "a:80", "a%2eb",
        "a\\b", "a\u{0}", "fe80::1%eth0", "[::1",
    ])
    func `What could be an address in disguise, or is no name, may not`(host: String) {
        #expect(HostSpelling.flaw(of: host) != nil)
    }
}
