import HTTPTransport
import TestSupport
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("0.0.0.0", "0.0.0.0"), ("127.0.0.1", "127.0.0.1"), ("255.255.255.255", "255.255.255.255"), ("::", "::"),
        ("::1", "::1"),
        ("2001:DB8::0:1", "2001:db8::1"), ("2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.1"), ("::ffff:0a00:0001", "::ffff:10.0.0.1"),
        ("64:ff9b::192.0.2.1", "64:ff9b::c000:201"),
        ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ])
    func `Canonical notations are read and printed`(text: String, printed: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == printed)
        #expect(IPAddress(printed) == address)
        #expect(address.isV6 == text.contains(":"))
    }

    @Test func `Values are in the order of the network`() {
        #expect(IPAddress("1.2.3.4") == .v4(0x0102_0304))
        #expect(
            IPAddress("102:304:506:708:90a:b0c:d0e:f10") == .v6(high: 0x0102_0304_0506_0708, low: 0x090a_0b0c_0d0e_0f10)
        )
    }

    @Test(arguments: [
        "", " ", "1", "127.1", "127.0.0.1.", "127.0.0", "127.0.0.1.1", "256.0.0.1", "0x7f.0.0.1", "0x7f000001",
        "2130706433",
        "01.2.3.4", "0177.0.0.1", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4\n", "1.2.3.-4", "１.2.3.4", "①.0.0.1", "[::1]", ":",
        ":::", "1::2::3",
        "::1%eth0", "fe80::1%1", "12345::", "::g", "::ffff:300.0.0.1", "localhost", "1.2.3.4/8", "::1/128",
    ])
    func `Everything else is no address`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func `Random addresses survive printing and reading`() {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<3000 {
            // Many zeros, so that the :: of IPv6 stands in all places.
            let mask =
                UInt64.random(in: 0 ... .max, using: &generator) & UInt64.random(in: 0 ... .max, using: &generator)
            for address in [
                IPAddress.v4(UInt32.random(in: 0 ... .max, using: &generator)),
                .v6(high: UInt64.random(in: 0 ... .max, using: &generator) & mask, low: mask & 0xffff_0000_ffff_0000),
            ] where IPAddress(address.description) != address { Issue.record("\(address)") }
        }
    }
}

@Suite struct AddressBlockTests {
    @Test(arguments: [
        ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255"], ["9.255.255.255", "11.0.0.0", "::ffff:10.0.0.1", "::"]),
        ("10.1.2.3", ["10.1.2.3"], ["10.1.2.2", "10.1.2.4"]), ("10.1.2.3/32", ["10.1.2.3"], ["10.1.2.2"]),
        ("0.0.0.0/0", ["0.0.0.0", "255.255.255.255"], ["::", "::1"]),
        ("128.0.0.0/1", ["128.0.0.0", "255.0.0.0"], ["127.255.255.255"]),
        ("10.1.2.3/8", ["10.0.0.0", "10.255.255.255"], ["11.0.0.0"]),
        ("::/0", ["::", "ffff::"], ["0.0.0.0"]),
        ("fd00::/8", ["fd00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"], ["fc00::", "fe00::"]),
        ("2001:db8::/64", ["2001:db8::", "2001:db8::ffff:ffff:ffff:ffff"], ["2001:db8:0:1::"]),
        ("2001:db8::/65", ["2001:db8::7fff:ffff:ffff:ffff"], ["2001:db8::8000:0:0:0"]),
        ("2001:db8::/63", ["2001:db8:0:1::"], ["2001:db8:0:2::"]), ("::1/128", ["::1"], ["::", "::2"]),
        ("::1", ["::1"], ["::"]),
    ])
    func `A block holds its addresses and no others`(text: String, inside: [String], outside: [String]) throws {
        let block = try #require(AddressBlock(text))
        for text in inside { #expect(block.contains(try #require(IPAddress(text)))) }
        for text in outside { #expect(!block.contains(try #require(IPAddress(text)))) }
    }

    @Test(arguments: [
        "", "/", "/8", "10/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.0/ 8",
        "10.0.0.0/8 ",
        "10.0.0.0/255.0.0.0", "::/129", "::/", "localhost/8",
    ])
    func `Anything else is no block`(text: String) {
        #expect(AddressBlock(text) == nil)
    }
}
