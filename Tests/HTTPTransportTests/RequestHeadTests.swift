import TestSupport
import Testing

@testable import HTTPTransport

@Suite struct RequestHeadTests {
    private static let key = Array("Idempotency-Key: ev-1/1001/global/default".utf8)

    private func loop(inOnePiece: Bool) throws -> TransportLoop {
        try TransportLoop(.local { $0.sendsHeadInOnePiece = inOnePiece })
    }

    /// What a server gets for this target.
    private func request(_ target: String, address: String, inOnePiece: Bool) throws -> ScriptedServer.Request {
        let server = try ScriptedServer(address: address)
        defer { server.stop() }
        let transfer = try loop(inOnePiece: inOnePiece).send(address, server.port) { transfer in
            transfer.target = Array(target.utf8)
            transfer.setHeader(Self.key)
        }
        #expect(transfer.status == 204)
        var request = try #require(server.requests.all.first)
        // Each server has a port of its own.
        request.headers = request.headers.map { $0.replacing(":\(server.port)", with: ":PORT") }
        return request
    }

    @Test func `libcurl is one that sends heads in one piece`() {
        #expect(RequestHead.isProven)
    }

    @Test(arguments: ["127.0.0.1", "::1"], ["/", "/pb?cid=a%20b&x=%7B%7D&y=~!$'()*,[]\u{e9}#", "/?a=%0d%0aX:%20y"])
    func `In one piece it says the same, and its protocol`(address: String, target: String) throws {
        let whole = try request(target, address: address, inOnePiece: true)
        let single = try request(target, address: address, inOnePiece: false)
        #expect(whole.line == single.line)
        #expect(whole.line == "GET \(target) HTTP/1.1")
        #expect(whole.headers.first?.hasPrefix("Host: ") == true)
        #expect(whole.headers.last == "X-Protocol: HTTP/1.1")
        #expect(whole.headers.dropLast().sorted() == single.headers.sorted())
    }

    @Test(
        arguments: [
            ("a.example", 80, false, "a.example"), ("a.example", 443, false, "a.example:443"),
            ("a.example", 443, true, "a.example"), ("a.example", 8443, true, "a.example:8443"),
            ("2001:db8::1", 443, true, "[2001:db8::1]"), ("2001:db8::1", 8080, false, "[2001:db8::1]:8080"),
        ] as [(String, UInt16, Bool, String)]
    )
    func `Host has the port unless it is the usual one`(host: String, port: UInt16, isTLS: Bool, place: String) {
        let text = String(decoding: RequestHead.afterTarget(host: host, port: port, isTLS: isTLS), as: UTF8.self)
        #expect(text == " HTTP/1.1\r\nHost: \(place)\r\nAccept: */*\r\n")
    }

    @Test(arguments: [
        ("/a b", "X: y"), ("/a\r\nX: y", "X: y"), ("/a HTTP/1.1\r\nX: y", "X: y"), ("/\0", "X: y"),
        ("/", "X: y\r\nZ: 1"), ("/", "X: y\nZ: 1"), ("/", "X: \0"), ("", "X: y"),
    ])
    func `Nothing can be put into it that is no target or no line`(target: String, line: String) throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        let transfer = try loop(inOnePiece: true).send("127.0.0.1", server.port) { transfer in
            transfer.target = Array(target.utf8)
            transfer.setHeader(Array(line.utf8))
        }
        #expect(transfer.failure?.kind == .invalidURL)
        #expect(server.accepted.all.isEmpty)
    }

    @Test func `One handle goes from one way to the other and back, and nothing is left of the last request`() throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        let loop = try loop(inOnePiece: true)
        for round in 0..<8 {
            let transfer = try loop.send("127.0.0.1", server.port) { transfer in
                transfer.target = Array("/\(round)".utf8)
                transfer.method = round % 4 == 2 ? .post : .get
                if round % 4 == 3 {
                    transfer.setHeaders([Array("X-Round: \(round)".utf8)])
                } else {
                    transfer.setHeader(Self.key)
                }
            }
            #expect(transfer.status == 204)
            loop.recycle(transfer)
        }
        let requests = server.requests.all
        #expect(server.accepted.all.count == 1)
        for (round, request) in requests.enumerated() {
            #expect(request.line == "\(round % 4 == 2 ? "POST" : "GET") /\(round) HTTP/1.1")
            var names = ["Accept", "Host", "User-Agent"]
            switch round % 4 {
            case 2: names += ["Content-Length", "Content-Type", "Idempotency-Key"]
            case 3: names += ["X-Round"]
            default: names += ["Idempotency-Key", "X-Protocol"]
            }
            let found = request.headers.compactMap { $0.split(separator: ":").first.map(String.init) }
            #expect(found.sorted() == names.sorted())
        }
    }

    @Test func `A redirect goes out with the host it leads to`() throws {
        let other = try ScriptedServer(address: "127.0.0.2")
        let port = other.port
        let server = try ScriptedServer { connection in
            _ = try connection.read()
            try connection.answer("302 Found", ["Location: http://127.0.0.2:\(port)/next"], body: [])
        }
        defer {
            server.stop()
            other.stop()
        }
        let transfer = try loop(inOnePiece: true).send("127.0.0.1", server.port) { transfer in
            transfer.redirectsLeft = 1
            transfer.setHeader(Self.key)
        }
        #expect(transfer.status == 204)
        #expect(server.requests.all.map { $0.headers.first } == ["Host: 127.0.0.1:\(server.port)"])
        let next = try #require(other.requests.all.first)
        #expect(next.line == "GET /next HTTP/1.1")
        #expect(next.headers.first == "Host: 127.0.0.2:\(port)")
        #expect(next.headers.contains(String(decoding: Self.key, as: UTF8.self)))
    }

    @Test func `What libcurl sends again on a new connection is the same request`() throws {
        let server = try ScriptedServer { connection in
            _ = try connection.read()
            try connection.answer("204 No Content")
            // The kept-alive connection turns out to be dead.
            if connection.number == 0 { _ = try connection.read() } else { try connection.serve() }
        }
        defer { server.stop() }
        let loop = try loop(inOnePiece: true)
        for path in ["/1", "/2"] {
            let transfer = try loop.send("127.0.0.1", server.port) { transfer in
                transfer.target = Array(path.utf8)
                transfer.setHeader(Self.key)
            }
            #expect(transfer.status == 204)
            #expect(transfer.sends == (path == "/1" ? 1 : 2))
            loop.recycle(transfer)
        }
        let requests = server.requests.all
        #expect(requests.map(\.line) == ["GET /1 HTTP/1.1", "GET /2 HTTP/1.1", "GET /2 HTTP/1.1"])
        #expect(Set(requests.map(\.headers)).count == 1)
    }
}
