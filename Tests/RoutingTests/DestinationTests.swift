import Testing

@testable import Routing

@Suite("The destination of a URL")
struct DestinationTests {
    @Test(
        "is its scheme, host and port in one form",
        arguments: [
            ("https://Track.Example.COM/x", "https://track.example.com", "track.example.com", 443),
            ("HTTP://a.example", "http://a.example", "a.example", 80),
            ("https://a.example:443/", "https://a.example", "a.example", 443),
            ("http://a.example:443/", "http://a.example:443", "a.example", 443),
            ("https://a.example:8443?x=1", "https://a.example:8443", "a.example", 8443),
            ("https://a.example:65535/", "https://a.example:65535", "a.example", 65535),
            ("https://192.0.2.10/", "https://192.0.2.10", "192.0.2.10", 443),
            ("http://[2001:DB8:0:0:0:0:0:1]:81/", "http://[2001:db8::1]:81", "2001:db8::1", 81),
            ("https://localhost/", "https://localhost", "localhost", 443),
            ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example", "xn--bcher-kva.example", 443),
            ("https://3com.example/", "https://3com.example", "3com.example", 443),
            ("https://a.0b/", "https://a.0b", "a.0b", 443),
        ]
    )
    func canonical(url: String, origin: String, host: String, port: UInt16) throws {
        let destination = try URLSplit(Array(url.utf8)).destination
        #expect(destination.origin == origin)
        #expect(destination.host == host)
        #expect(destination.port == port)
    }

    @Test(
        "of IPv6 is written as RFC 5952 asks",
        arguments: [
            ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("0:0:0:0:0:0:0:1", "::1"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
            ("1:0:0:2:3:0:0:4", "1::2:3:0:0:4"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("ABCD::00ef", "abcd::ef"),
            ("::ffff:192.0.2.1", "::ffff:c000:201"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        ]
    )
    func ipv6(text: String, expected: String) {
        #expect(IPv6Literal.canonical(Array(text.utf8)[...]) == expected)
    }

    @Test(
        "is not an IPv6 address when it is misspelled",
        arguments: [
            "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "::1%eth0",
            "1:2:3:4:5:6:7:8::",
            "::1.2.3", "1.2.3.4::", "1.2.3.4", "::01.2.3.4", "1:", ":1", "::1:", "1:2:3:4:5:6:7:1.2.3.4", " ::1",
        ]
    )
    func notIPv6(text: String) {
        #expect(IPv6Literal.canonical(Array(text.utf8)[...]) == nil)
    }

    @Test(
        "is refused with a reason",
        arguments: [
            ("https://127.1/", "another spelling of an IP address"), ("https://2130706433/", "another spelling"),
            ("https://0x7f.1/", "another spelling"), ("https://0x7f000001/", "another spelling"),
            ("https://0177.0.0.1/", "another spelling"), ("https://1.2.3.4.5/", "another spelling"),
            ("https://256.1.1.1/", "another spelling"), ("https://1.2.3.04/", "another spelling"),
            ("https://a.b.0x/", "another spelling"), ("https://a.1/", "another spelling"),
            ("https://127.0.0.1./", "ends with a dot"), ("https://a.example./", "ends with a dot"),
            ("https://bücher.example/", "write its ASCII form, xn--bcher-kva.example"),
            ("https://a..example/", "empty part"),
            ("https://.a/", "empty part"),
            ("https://a_b.example/", "holds \"_\""), ("https://a%2eb/", "holds \"%\""), ("https://a b/", "holds \" \""),
            ("https://-a.example/", "hyphen"), ("https://a-.example/", "hyphen"), ("https://[::1/", "IPv6"),
            ("https://[::g]/", "IPv6"), ("https://[127.0.0.1]/", "IPv6"), ("https:///x", "no host"),
            ("https://", "no host"),
            ("https://:80/", "no host"), ("https://a:/", "port is missing"), ("https://a:0/", "not a port"),
            ("https://a:65536/", "not a port"), ("https://a:080/", "not a port"), ("https://a:8a/", "not a port"),
            ("https://a:-1/", "not a port"), ("https://[::1]80/", "not a port"),
            ("https://u:p@a.example/", "user name"),
            ("https://u@a.example/", "user name"), ("https://a.example\\@b.example/", "backslash"),
            ("ftp://a.example/", "\"ftp\" cannot be used"), ("javascript:alert(1)", "does not start with"),
            ("file:///etc/passwd", "\"file\" cannot be used"), ("track.example.com/pb", "does not start with"),
            ("//a.example/", "no scheme"), ("https:/a.example/", "two slashes"), ("https:a.example", "two slashes"),
            ("://a.example", "cannot be used"), ("/pb", "does not start with"),
            ("{{parameters.scheme}}://a.example/", "scheme or host"), ("https://{{parameters.host}}/", "in the host"),
            ("https://a.{{parameters.tld}}/", "in the host"), ("https://a:{{parameters.port}}/", "in the port"),
            ("https://{{parameters.user}}@a.example/", "in the user information"),
            ("https://a.example{{parameters.path}}", "in the host"),
            ("https://" + String(repeating: "a", count: 64) + ".example/", "longer than 63"),
            ("https://" + String(repeating: "abcdefgh.", count: 30) + "example/", "at most 253"),
        ]
    )
    func refused(url: String, reason: String) {
        let errors = Fixture.errors(ofURL: url)
        #expect(errors.contains { $0.contains(reason) }, "\(errors)")
    }
}
