import HTTPTransport
import Testing

@Suite struct EgressPolicyTests {
    /// First and last address of what is reserved, and the addresses beside it where those are public.
    struct Block: Sendable {
        var first: String
        var last: String
        var neighbours: [String]

        init(_ first: String, _ last: String, _ neighbours: String...) {
            self.first = first
            self.last = last
            self.neighbours = neighbours
        }
    }

    static let blocks = [
        Block("0.0.0.0", "0.255.255.255", "1.0.0.0"), Block("10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"),
        Block("100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0"),
        Block("127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0"),
        Block("169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0"),
        Block("172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"),
        Block("192.0.0.0", "192.0.0.255", "191.255.255.255", "192.0.1.0"),
        Block("192.0.2.0", "192.0.2.255", "192.0.1.255", "192.0.3.0"),
        Block("192.88.99.0", "192.88.99.255", "192.88.98.255", "192.88.100.0"),
        Block("192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"),
        Block("198.18.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0"),
        Block("198.51.100.0", "198.51.100.255", "198.51.99.255", "198.51.101.0"),
        Block("203.0.113.0", "203.0.113.255", "203.0.112.255", "203.0.114.0"),
        Block("224.0.0.0", "239.255.255.255", "223.255.255.255"),
        Block("240.0.0.0", "255.255.255.255"), Block("::", "ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        Block("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"), Block("100::", "100::ffff:ffff:ffff:ffff"),
        Block(
            "2001::",
            "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
            "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "2001:200::"
        ),
        Block("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db7:ffff::", "2001:db9::"),
        Block("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:ffff::", "2003::"),
        Block("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "3ffe:ffff::", "3fff:1000::"),
        Block("5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        Block("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        Block("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        Block("fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        Block("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ]

    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text), "\(text)") }

    @Test(arguments: blocks)
    func `What is reserved is refused from its first address to its last, and its neighbours are not`(block: Block)
        throws
    {
        let policy = EgressPolicy()
        for text in [block.first, block.last] {
            let refusal = try #require(policy.refusal(of: address(text)), "\(text)")
            #expect(refusal.contains("\(try address(text))"))
        }
        for text in block.neighbours { #expect(policy.refusal(of: try address(text)) == nil, "\(text)") }
    }

    @Test(arguments: blocks.filter { !$0.first.contains(":") })
    func `An IPv4 address inside an IPv6 one has the same verdict`(block: Block) throws {
        let policy = EgressPolicy()
        for prefix in ["::ffff:", "64:ff9b::"] {
            for text in [block.first, block.last] { #expect(policy.refusal(of: try address(prefix + text)) != nil) }
            for text in block.neighbours { #expect(policy.refusal(of: try address(prefix + text)) == nil) }
        }
    }

    @Test(arguments: [
        "169.254.169.254", "fd00:ec2::254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "100.100.100.200",
        "192.0.0.192",
    ])
    func `The metadata services of clouds are out of reach`(text: String) throws {
        #expect(EgressPolicy().refusal(of: try address(text)) != nil)
    }

    @Test(arguments: [
        "8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001::1", "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
    ])
    func `The public network is not`(text: String) throws {
        #expect(EgressPolicy().refusal(of: try address(text)) == nil)
    }

    private func policy(allowsPrivate: Bool = false, allow: [String] = [], deny: [String] = []) -> EgressPolicy {
        EgressPolicy(
            allowsPrivate: allowsPrivate,
            allowed: allow.compactMap { AddressBlock($0) },
            denied: deny.compactMap { AddressBlock($0) }
        )
    }

    @Test func `allow permits what is reserved, in every notation of it, and nothing beside it`() throws {
        let policy = policy(allow: ["10.1.0.0/16", "fd00::/64"])
        for text in ["10.1.0.0", "10.1.255.255", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3", "fd00::1", "8.8.8.8"] {
            #expect(policy.refusal(of: try address(text)) == nil, "\(text)")
        }
        for text in ["10.0.0.1", "10.2.0.0", "::ffff:10.2.0.0", "fd00:0:0:1::", "127.0.0.1"] {
            #expect(policy.refusal(of: try address(text)) != nil, "\(text)")
        }
    }

    @Test func `deny refuses what is public, in every notation of it`() throws {
        let policy = policy(deny: ["8.8.8.0/24", "2606::/16"])
        for text in ["8.8.8.0", "8.8.8.255", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2606:4700::1"] {
            #expect(policy.refusal(of: try address(text))?.contains("egress.deny") == true, "\(text)")
        }
        #expect(policy.refusal(of: try address("8.8.9.0")) == nil)
    }

    @Test(arguments: [true, false])
    func `deny wins over allow and over allow_private`(allowsPrivate: Bool) throws {
        let policy = policy(
            allowsPrivate: allowsPrivate,
            allow: ["10.0.0.0/8", "::/0", "0.0.0.0/0"],
            deny: ["10.9.0.0/16", "169.254.169.254"]
        )
        for text in ["10.9.0.0", "10.9.255.255", "169.254.169.254"] {
            #expect(policy.refusal(of: try address(text)) != nil, "\(text)")
        }
        for text in ["10.8.0.0", "127.0.0.1", "192.168.0.1", "::1"] {
            #expect(policy.refusal(of: try address(text)) == nil, "\(text)")
        }
    }

    @Test(arguments: ["::ffff:169.254.169.254", "64:ff9b::169.254.169.254"])
    func `deny holds for an IPv4 address in IPv6 clothes, whatever is allowed`(text: String) throws {
        let deny = ["169.254.169.254"]
        #expect(policy(deny: deny).refusal(of: try address(text)) != nil)
        #expect(policy(allowsPrivate: true, deny: deny).refusal(of: try address(text)) != nil)
        #expect(policy(allow: ["::/0"], deny: deny).refusal(of: try address(text)) != nil)
    }

    @Test func `allow_private permits what lies inside, in every notation of it, and nothing else of what is reserved`()
        throws
    {
        let policy = policy(allowsPrivate: true)
        for text in [
            "10.0.0.1", "172.16.0.1", "192.168.0.1", "127.0.0.1", "169.254.0.1", "100.64.0.1", "::1", "fd00::1",
            "fe80::1", "fec0::1", "::ffff:127.0.0.1", "64:ff9b::10.0.0.1", "2001:41d0::5efe:10.0.0.1",
        ] {
            #expect(policy.refusal(of: try address(text)) == nil, "\(text)")
        }
        for text in [
            "0.0.0.0", "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "::2", "::7f00:1",
            "::ffff:0:127.0.0.1", "2001:db8::1", "2002:7f00:1::", "2001:0:1::1", "ff02::1", "4000::1",
        ] {
            #expect(policy.refusal(of: try address(text)) != nil, "\(text)")
        }
    }

    @Test(arguments: [
        "::127.0.0.1", "::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8", "::5efe:127.0.0.1", "64:ff9b:1::8.8.8.8",
        "2002:0808:0808::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2a00:1450:4001::5efe:127.0.0.1",
        "2a00:1450:4001::200:5efe:10.0.0.1", "fe80::5efe:8.8.8.8", "4000::1", "1fff::1", "e000::1", "200::1", "400::1",
    ])
    func `IPv6 is public in 2000-3fff alone, and an address of IPv4's neither by tunnel nor by translation`(
        text: String
    )
        throws
    {
        #expect(EgressPolicy().refusal(of: try address(text)) != nil)
    }

    @Test func `A public ISATAP address of a public one is public; allow can permit what is no global address`() throws
    {
        #expect(EgressPolicy().refusal(of: try address("2a00:1450:4001::5efe:8.8.8.8")) == nil)
        #expect(policy(allow: ["4000::/16"]).refusal(of: try address("4000::1")) == nil)
        #expect(policy(deny: ["8.8.8.8"]).refusal(of: try address("2a00:1450:4001::5efe:8.8.8.8")) != nil)
    }

    @Test func `Of a host it is told what its text tells: the port, an address, this machine`() {
        let policy = EgressPolicy()
        #expect(policy.refusal(ofHost: "tracker.example", port: 443) == nil)
        #expect(policy.refusal(ofHost: "tracker.example", port: 25)?.contains("egress.ports") == true)
        #expect(policy.refusal(ofHost: "127.0.0.1", port: 80)?.contains("loopback") == true)
        #expect(policy.refusal(ofHost: "::1", port: 80)?.contains("loopback") == true)
        #expect(policy.refusal(ofHost: "localhost", port: 80)?.contains("this machine") == true)
        #expect(policy.refusal(ofHost: "a.localhost", port: 80)?.contains("this machine") == true)
        #expect(policy.refusal(ofHost: "8.8.8.8", port: 80) == nil)
    }

    @Test func `Ports: the four by default, or those of the list`() throws {
        let open = try address("8.8.8.8")
        for port: UInt16 in [80, 443, 8080, 8443] { #expect(EgressPolicy().refusal(of: open, port: port) == nil) }
        for port: UInt16 in [0, 22, 25, 79, 81, 8081, 65_535] {
            #expect(EgressPolicy().refusal(of: open, port: port)?.contains("port \(port)") == true)
        }
        let policy = EgressPolicy(ports: [8000...8999, 1...1])
        for port: UInt16 in [1, 8000, 8999] { #expect(policy.refusal(of: open, port: port) == nil) }
        for port: UInt16 in [80, 2, 7999, 9000] { #expect(policy.refusal(of: open, port: port) != nil) }
        #expect(EgressPolicy(ports: []).refusal(of: open, port: 80) != nil)
        #expect(EgressPolicy().refusal(of: try address("10.0.0.1"), port: 80)?.contains("private") == true)
    }
}
