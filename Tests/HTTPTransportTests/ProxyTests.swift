import TestSupport
import Testing

@testable import HTTPTransport

/// A proxy of the test's own between the transport and the destination; it plays both.
@Suite struct ProxyTests {
    /// - Parameter answer: to CONNECT; after 200 the proxy is the destination and answers everything with 204.
    private func proxy(_ answer: String = "200 Connection established") throws -> ScriptedServer {
        try ScriptedServer { connection in
            _ = try connection.read()
            try connection.answer(answer, answer.hasPrefix("200") ? [] : ["Content-Length: 0"])
            try connection.serve()
        }
    }

    private func names() throws -> NameServer {
        try NameServer { name in
            switch name {
            case "tracker.test", "proxy.test": .addresses(["127.0.0.1"], timeToLive: 60)
            case "inside.test": .addresses(["10.0.0.1"], timeToLive: 60)
            default: .failure(code: 3)
            }
        }
    }

    private func loop(_ url: String, _ names: NameServer, resolvesAtProxy: Bool = false) throws -> TransportLoop {
        try TransportLoop(
            .local {
                $0.proxy = url
                $0.resolvesAtProxy = resolvesAtProxy
                $0.nameServers = [names.address]
            }
        )
    }

    @Test(arguments: [("127.0.0.1", false), ("proxy.test", false), ("127.0.0.1", true), ("proxy.test", true)])
    func `The proxy is given the vetted address, or the name where names are left to it`(host: String, leaves: Bool)
        throws
    {
        let (proxy, names) = (try proxy(), try names())
        defer {
            proxy.stop()
            names.stop()
        }
        let loop = try loop("http://\(host):\(proxy.port)", names, resolvesAtProxy: leaves)
        let transfer = try loop.send("tracker.test", 8080)
        #expect(transfer.status == 204, "\(transfer.result)")
        let requests = proxy.requests.all
        #expect(
            requests.map(\.line) == [
                "CONNECT \(leaves ? "tracker.test" : "127.0.0.1"):8080 HTTP/1.1", "GET / HTTP/1.1",
            ]
        )
        #expect(requests.last?.headers.contains("Host: tracker.test:8080") == true)
        #expect(names.questions.all.contains { $0.hasPrefix("tracker.test") } == !leaves)
        loop.recycle(transfer)
        #expect(try loop.send("tracker.test", 8080).openedConnection == false)
    }

    @Test(arguments: ["inside.test", "10.0.0.1", "::ffff:10.0.0.1"])
    func `What is refused without a proxy is refused with one`(host: String) throws {
        let (proxy, names) = (try proxy(), try names())
        defer {
            proxy.stop()
            names.stop()
        }
        let transfer = try loop("http://127.0.0.1:\(proxy.port)", names).send(host, 80)
        #expect(transfer.failure?.kind == .blocked)
        #expect(proxy.requests.all == [])
    }

    @Test(arguments: ["10.0.0.1", "::1.2.3.4", "localhost", "a.localhost", "intranet"])
    func `Where names are left to the proxy, addresses and this machine are still refused`(host: String) throws {
        let (proxy, names) = (try proxy(), try names())
        defer {
            proxy.stop()
            names.stop()
        }
        let transfer = try loop("http://127.0.0.1:\(proxy.port)", names, resolvesAtProxy: true).send(host, 80)
        #expect(transfer.failure?.kind == .blocked)
        #expect(proxy.requests.all == [])
    }

    @Test(
        arguments: [
            ("407 Proxy Authentication Required", .local), ("502 Bad Gateway", .local), ("504 Gateway Timeout", .local),
            ("403 Forbidden", .refused),
        ] as [(String, TransferFailure.Kind)]
    )
    func `What the proxy answers to CONNECT: its own trouble is ours, its refusal is not`(
        answer: String,
        kind: TransferFailure.Kind
    ) throws {
        let (proxy, names) = (try proxy(answer), try names())
        defer {
            proxy.stop()
            names.stop()
        }
        let transfer = try loop("http://127.0.0.1:\(proxy.port)", names).send("tracker.test", 80)
        #expect(transfer.failure?.kind == kind, "\(transfer.result)")
        #expect(transfer.failure?.description.contains(answer.prefix(3)) == true)
        #expect(transfer.sends == 0)
    }

    @Test func `Once requests got through, a destination that the proxy cannot reach is the destination's trouble`()
        throws
    {
        let names = try names()
        let proxy = try ScriptedServer { connection in
            let isDead = try connection.read().line.contains(":8081")
            try connection.answer(isDead ? "502 Bad Gateway" : "200 OK", isDead ? ["Content-Length: 0"] : [])
            try connection.serve()
        }
        defer {
            proxy.stop()
            names.stop()
        }
        let loop = try loop("http://127.0.0.1:\(proxy.port)", names)
        #expect(try loop.send("tracker.test", 8081).failure?.kind == .local)
        #expect(try loop.send("tracker.test", 8080).status == 204)
        #expect(try loop.send("tracker.test", 8081).failure?.kind == .connect)
        loop.ahead += 61_000_000_000
        #expect(try loop.send("tracker.test", 8081).failure?.kind == .local)
    }

    @Test func `A proxy that nobody finds, that refuses, hangs up or keeps silent is our own trouble`() throws {
        let names = try names()
        let port = try LoopbackListener().port
        let rude = try ScriptedServer { _ = try $0.read() }
        let silent = try ScriptedServer { connection in while true { _ = try connection.read() } }
        defer {
            names.stop()
            rude.stop()
            silent.stop()
        }
        for url in [
            "http://nowhere.test:80", "http://127.0.0.1:\(port)", "http://127.0.0.1:\(rude.port)",
            "http://127.0.0.1:\(silent.port)", "https://127.0.0.1:\(rude.port)", "socks5://127.0.0.1:\(port)",
            "socks5://127.0.0.1:\(rude.port)",
        ] {
            let transfer = try loop(url, names).send("tracker.test", 80) { $0.timeout = 500 }
            #expect(transfer.failure?.kind == .local, "\(url): \(transfer.result)")
            #expect(transfer.sends == 0)
        }
    }

    @Test func `What the destination answers through the proxy is the destination's answer`() throws {
        let names = try names()
        let proxy = try ScriptedServer { connection in
            _ = try connection.read()
            try connection.answer("200 OK")
            _ = try connection.read()
            try connection.answer("407 Proxy Authentication Required", body: [])
        }
        defer {
            proxy.stop()
            names.stop()
        }
        #expect(try loop("http://127.0.0.1:\(proxy.port)", names).send("tracker.test", 80).status == 407)
    }

    // MARK: SOCKS

    /// - Parameter reply: RFC 1928 section 6: 0 succeeded, 1 general failure, 5 connection refused.
    private func socks(reply: UInt8, asked: Journal<[UInt8]>) throws -> ScriptedServer {
        try ScriptedServer { connection in
            let stream = connection.stream
            _ = try stream.read(Int(try stream.read(2)[1]))
            try stream.write([5, 0])
            let head = try stream.read(4)
            let address = head[3] == 3 ? try stream.read(Int(try stream.read(1)[0])) : try stream.read(4)
            _ = try stream.read(2)
            asked.add(address)
            try stream.write([5, reply, 0, 1, 0, 0, 0, 0, 0, 0])
            if reply == 0 { try connection.serve() }
        }
    }

    @Test(arguments: [("socks5", [127, 0, 0, 1]), ("socks5h", Array("tracker.test".utf8))] as [(String, [UInt8])])
    func `SOCKS is given the vetted address, or the name where the scheme says so`(scheme: String, address: [UInt8])
        throws
    {
        let asked = Journal<[UInt8]>()
        let (proxy, names) = (try socks(reply: 0, asked: asked), try names())
        defer {
            proxy.stop()
            names.stop()
        }
        let transfer = try loop("\(scheme)://127.0.0.1:\(proxy.port)", names).send("tracker.test", 80)
        #expect(transfer.status == 204, "\(transfer.result)")
        #expect(asked.all == [address])
        #expect(proxy.requests.all.map(\.line) == ["GET / HTTP/1.1"])
    }

    @Test(arguments: [(1, .local), (2, .refused), (4, .connect), (5, .refused)] as [(UInt8, TransferFailure.Kind)])
    func `SOCKS says whose fault it is`(reply: UInt8, kind: TransferFailure.Kind) throws {
        let (proxy, names) = (try socks(reply: reply, asked: Journal()), try names())
        defer {
            proxy.stop()
            names.stop()
        }
        let transfer = try loop("socks5://127.0.0.1:\(proxy.port)", names).send("tracker.test", 80)
        #expect(transfer.failure?.kind == kind, "\(transfer.result)")
        #expect(transfer.sends == 0)
    }

    @Test func `A proxy's URL that makes no sense stops the start, and its password is not shown`() throws {
        for url in ["http://u:hunter2@[::1", "ftp://hunter2@proxy", "http://u:hunter2@127.1.:80:80"] {
            #expect {
                _ = try TransportLoop(.local { $0.proxy = url })
            } throws: {
                !"\($0)".contains("hunter2")
            }
        }
    }
}
