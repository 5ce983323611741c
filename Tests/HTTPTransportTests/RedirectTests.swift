import Glibc
import TestSupport
import Testing

@testable import HTTPTransport

@Suite struct RedirectTests {
    /// A server that sends whoever asks for `/start` to `location`, with `status`, and answers everything else with 204.
    private func server(_ status: String = "302 Found", to location: @escaping @Sendable () -> String) throws
        -> ScriptedServer
    {
        try ScriptedServer { connection in
            while true {
                if try connection.read().line.contains(" /start") {
                    try connection.answer(status, ["Location: \(location())"], body: Array("moved".utf8))
                } else {
                    try connection.answer("204 No Content")
                }
            }
        }
    }

    private func send(_ loop: TransportLoop, _ port: UInt16, redirects: Int, _ fill: (Transfer) -> Void = { _ in })
        throws -> Transfer
    {
        try loop.send("127.0.0.1", port) { transfer in
            transfer.target = Array("/start".utf8)
            transfer.redirectsLeft = redirects
            fill(transfer)
        }
    }

    @Test(arguments: [
        ("/next?a=b%20c", "GET /next?a=b%20c HTTP/1.1"), ("next", "GET /a/next HTTP/1.1"),
        ("?q", "GET /a/start?q HTTP/1.1"),
        ("/next#fragment", "GET /next HTTP/1.1"),
    ])
    func `A relative redirect is followed on the same connection`(location: String, line: String) throws {
        let loop = try TransportLoop()
        let server = try ScriptedServer { connection in
            _ = try connection.read()
            try connection.answer("302 Found", ["Location: \(location)"], body: [])
            _ = try connection.read()
            try connection.answer("204 No Content")
        }
        defer { server.stop() }
        let transfer = try send(loop, server.port, redirects: 1) { $0.target = Array("/a/start".utf8) }
        #expect(transfer.status == 204)
        #expect(transfer.bodyHead == [])
        #expect(server.requests.all.map(\.line) == ["GET /a/start HTTP/1.1", line])
        #expect(server.accepted.all.count == 1)
        #expect(loop.transport.inFlight == 0)
    }

    @Test(arguments: ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
    func `Method, body and headers go along`(status: String) throws {
        let loop = try TransportLoop()
        let server = try server(status) { "/next" }
        defer { server.stop() }
        let transfer = try send(loop, server.port, redirects: 1) { transfer in
            transfer.method = .post
            transfer.body = Array("payload".utf8)
            transfer.setHeaders([Array("Idempotency-Key: k".utf8), Array("Authorization: Bearer x".utf8)])
        }
        #expect(transfer.status == 204)
        let requests = server.requests.all
        #expect(requests.map(\.line) == ["POST /start HTTP/1.1", "POST /next HTTP/1.1"])
        #expect(requests.allSatisfy { $0.body == Array("payload".utf8) })
        #expect(
            requests.allSatisfy {
                $0.headers.contains("Idempotency-Key: k") && $0.headers.contains("Authorization: Bearer x")
            }
        )
    }

    @Test func `No more than it may: the next redirect is the answer`() throws {
        let loop = try TransportLoop()
        let server = try server { "/start" }
        defer { server.stop() }
        for redirects in [0, 1, 3] {
            let before = server.requests.all.count
            let transfer = try send(loop, server.port, redirects: redirects)
            #expect(transfer.status == 302)
            #expect(server.requests.all.count - before == redirects + 1)
            loop.recycle(transfer)
        }
    }

    @Test(arguments: [
        ["Authorization: Bearer x", "Cookie: a=b", "X-Api-Key: 1", "Idempotency-Key: e/r"], ["authorization: Bearer x"],
        ["COOKIE: a=b"],
    ])
    func `Credentials do not go to another host`(lines: [String]) throws {
        let loop = try TransportLoop()
        let other = try ScriptedServer(address: "127.0.0.2")
        let port = other.port
        let server = try server { "http://127.0.0.2:\(port)/next" }
        defer {
            server.stop()
            other.stop()
        }
        let transfer = try send(loop, server.port, redirects: 1) { $0.setHeaders(lines.map { Array($0.utf8) }) }
        #expect(transfer.status == 204)
        #expect(transfer.peer == "127.0.0.2")
        #expect(transfer.destination == "http://127.0.0.2:\(port)")
        let headers = try #require(other.requests.all.first?.headers)
        #expect(headers.contains("Host: 127.0.0.2:\(port)"))
        let credentials = headers.filter {
            $0.lowercased().hasPrefix("authorization:") || $0.lowercased().hasPrefix("cookie:")
        }
        #expect(credentials == [])
        #expect(!headers.contains("X-Api-Key: 1"), "what the publisher set himself may be a key, whatever its name")
        let key = "Idempotency-Key: e/r"
        #expect(headers.contains(key) == lines.contains(key))
    }

    @Test(arguments: [
        "http://10.0.0.1/", "http://[::ffff:10.0.0.1]/", "http://169.254.169.254/latest/meta-data/", "http://127.1/",
        "http://2130706433/", "http://0x7f.0.0.1/", "http://127.0.0.1:22/",
    ])
    func `A redirect into forbidden territory is blocked, however it is written`(location: String) throws {
        // One address is allowed, and not those that the redirects lead to.
        let server = try ScriptedServer(address: "127.0.0.5") { connection in
            _ = try connection.read()
            try connection.answer("302 Found", ["Location: \(location)"], body: [])
        }
        defer { server.stop() }
        let loop = try TransportLoop(
            .local { options in
                options.egress = EgressPolicy(
                    allowed: ["127.0.0.5"].compactMap { AddressBlock($0) },
                    ports: [80...80, server.port...server.port]
                )
            }
        )
        let transfer = try loop.send("127.0.0.5", server.port) { $0.redirectsLeft = 3 }
        #expect(transfer.failure?.kind == .blocked)
        #expect(loop.transport.inFlight == 0)
    }

    @Test(arguments: [
        "file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "http://user:secret@127.0.0.1/",
        "javascript:alert(1)",
        "http://127.0.0.1:99999/",
    ])
    func `A redirect to what is no plain http or https URL is no destination`(location: String) throws {
        let loop = try TransportLoop()
        let server = try server { location }
        defer { server.stop() }
        let transfer = try send(loop, server.port, redirects: 3)
        if let failure = transfer.failure {
            #expect(failure.kind == .invalidURL)
            #expect(!failure.description.contains("secret"))
        } else {
            // libcurl found nothing to go to: the redirect itself is the answer.
            #expect(transfer.status == 302)
        }
        #expect(server.requests.all.count == 1)
    }

    @Test func `A redirect without a place, or that is none, is the answer`() throws {
        let loop = try TransportLoop()
        let server = try ScriptedServer { connection in
            while true {
                let status = try connection.read().line.contains("/start") ? "302 Found" : "304 Not Modified"
                try connection.answer(
                    status,
                    status.hasPrefix("304") ? ["Location: /x"] : [],
                    body: status.hasPrefix("304") ? nil : []
                )
            }
        }
        defer { server.stop() }
        #expect(try send(loop, server.port, redirects: 3).status == 302)
        #expect(try send(loop, server.port, redirects: 3) { $0.target = Array("/other".utf8) }.status == 304)
    }

    @Test func `The time-out is for all hops together`() throws {
        let server = try ScriptedServer { connection in
            while true {
                let isStart = try connection.read().line.contains(" /start")
                usleep(2_000_000)
                if isStart {
                    try connection.answer("302 Found", ["Location: /next"], body: [])
                } else {
                    try connection.answer("204 No Content")
                }
            }
        }
        defer { server.stop() }
        let loop = try TransportLoop()
        let transfer = try send(loop, server.port, redirects: 1) { $0.timeout = 3500 }
        #expect(transfer.failure?.kind == .timeout)
        #expect(server.requests.all.count == 2)
        // The next one has its whole time again.
        let next = try loop.send("127.0.0.1", server.port) { $0.timeout = 20_000 }
        #expect(next.status == 204)
    }

    @Test func `A redirect to a name is resolved and pinned like any other destination`() throws {
        let names = try NameServer { _ in .addresses(["127.0.0.1"], timeToLive: 60) }
        let loop = try TransportLoop(.local { $0.nameServers = [names.address] })
        let other = try ScriptedServer()
        let port = other.port
        let server = try server { "http://Tracker.TEST:\(port)/next" }
        defer {
            server.stop()
            other.stop()
            names.stop()
        }
        let transfer = try send(loop, server.port, redirects: 1)
        #expect(transfer.status == 204)
        #expect(transfer.peer == "127.0.0.1")
        #expect(other.requests.all.map(\.line) == ["GET /next HTTP/1.1"])
        #expect(names.lookUps == 1)
    }
}
