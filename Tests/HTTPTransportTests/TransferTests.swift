import TestSupport
import Testing

@testable import HTTPTransport

/// Requests that are answered.
@Suite struct TransferTests {
    private func server(_ script: @escaping @Sendable (ScriptedServer.Connection) throws -> Void = { try $0.serve() })
        throws -> ScriptedServer
    {
        try ScriptedServer(script)
    }

    @Test func `204 without a body`() throws {
        let server = try server()
        defer { server.stop() }
        let loop = try TransportLoop()
        let transfer = try loop.send("127.0.0.1", server.port)
        #expect(transfer.result == .answered(status: 204, bodyComplete: true))
        #expect(transfer.sends == 1)
        #expect(transfer.openedConnection)
        #expect(transfer.bodyHead == [])
        #expect(transfer.peer == "127.0.0.1")
        #expect(loop.transport.inFlight == 0)
    }

    @Test func `The server sees the request line and headers exactly as given`() throws {
        let server = try server()
        defer { server.stop() }
        let loop = try TransportLoop()
        let target = "/pb;v=1/%C3%A9/..%2F?cid=a%20b&x=%7B%7D&y=~!$'()*,[]\u{e9}#"
        try loop.send("127.0.0.1", server.port) { transfer in
            transfer.target = Array(target.utf8)
            transfer.setHeader(Array("Idempotency-Key: ev-1/1001/global/default".utf8))
        }
        try loop.send("127.0.0.1", server.port) { transfer in
            transfer.setHeaders(
                ["X-One: 1", "X-Two: zwei und dr\u{e4}i", "user-agent: mine", "Accept: text/plain"].map {
                    Array($0.utf8)
                }
            )
        }
        let requests = server.requests.all
        let host = "Host: 127.0.0.1:\(server.port)"
        #expect(requests.map(\.line) == ["GET \(target) HTTP/1.1", "GET / HTTP/1.1"])
        #expect(
            requests.first?.headers.sorted() == [
                "Accept: */*", host, "Idempotency-Key: ev-1/1001/global/default", "User-Agent: postback",
                "X-Protocol: HTTP/1.1",
            ]
        )
        #expect(
            requests.last?.headers.sorted() == [
                "Accept: text/plain", host, "X-One: 1", "X-Two: zwei und dr\u{e4}i", "user-agent: mine",
            ]
        )
    }

    @Test func `A kept-alive connection is used again and again, by whichever transfer comes`() throws {
        let server = try server()
        defer { server.stop() }
        let loop = try TransportLoop()
        for round in 0..<50 {
            let transfer = try loop.send("127.0.0.1", server.port)
            #expect(transfer.status == 204)
            #expect(transfer.openedConnection == (round == 0))
            #expect(transfer.sends == 1)
            // Every third stays away, so that another handle takes its turn.
            if round % 3 != 0 { loop.recycle(transfer) }
        }
        #expect(server.accepted.all.count == 1)
        #expect(server.requests.all.count == 50)
    }

    @Test func `POST and PUT carry their bodies, and the same handle goes back to GET`() throws {
        let server = try server()
        defer { server.stop() }
        let loop = try TransportLoop()
        let large = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
        let steps: [(HTTPMethod, [UInt8])] = [
            (.get, []), (.post, Array("a=1&b=\0".utf8)), (.get, []), (.put, Array("{}".utf8)), (.get, []), (.post, []),
            (.put, []),
            (.post, large), (.put, large), (.get, []), (.get, []), (.post, [1]),
        ]
        for (method, body) in steps {
            let transfer = try loop.send("127.0.0.1", server.port) { transfer in
                transfer.method = method
                transfer.body = body
                transfer.setHeader(Array("Content-Type: application/json".utf8))
            }
            #expect(transfer.status == 204)
            loop.recycle(transfer)
        }
        let requests = server.requests.all
        let names: [HTTPMethod: String] = [.get: "GET", .post: "POST", .put: "PUT"]
        #expect(requests.map(\.line) == steps.map { "\(names[$0.0] ?? "") / HTTP/1.1" })
        #expect(requests.map(\.body) == steps.map(\.1))
        for (request, step) in zip(requests, steps) {
            let lengths = request.headers.filter { $0.hasPrefix("Content-Length") || $0.hasPrefix("Transfer-Encoding") }
            #expect(lengths == (step.0 == .get ? [] : ["Content-Length: \(step.1.count)"]))
            #expect(request.headers.filter { $0.hasPrefix("Content-Type") } == ["Content-Type: application/json"])
        }
        #expect(server.accepted.all.count == 1)
    }

    @Test func `Of a body the head is kept, more when a rule asks for it, and all of it is counted`() throws {
        let body = (0..<10_000).map { UInt8(truncatingIfNeeded: $0) }
        let server = try server { connection in
            while true {
                _ = try connection.read()
                try connection.answer("200 OK", body: body)
            }
        }
        defer { server.stop() }
        let loop = try TransportLoop(.local { $0.keptHead = 100 })
        for kept in [0, 50, 100, 5000, 10_000, 20_000, 0] {
            let transfer = try loop.send("127.0.0.1", server.port) { $0.keptBytes = kept }
            #expect(transfer.status == 200)
            #expect(transfer.bodyCount == 10_000)
            #expect(transfer.bodyHead == Array(body.prefix(max(100, kept))))
            loop.recycle(transfer)
        }
    }

    @Test func `A body longer than is read is cut off; the status counts`() throws {
        let server = try server { connection in
            let status = try connection.read().line.contains("bad") ? "500 Oops" : "200 OK"
            try connection.stream.write(Array("HTTP/1.1 \(status)\r\nTransfer-Encoding: chunked\r\n\r\n".utf8))
            // Without an end.
            while true {
                try connection.stream.write(
                    Array("400\r\n".utf8) + [UInt8](repeating: 65, count: 1024) + Array("\r\n".utf8)
                )
            }
        }
        defer { server.stop() }
        let loop = try TransportLoop(.local { $0.maxResponse = 20_000 })
        let good = try loop.send("127.0.0.1", server.port)
        #expect(good.result == .answered(status: 200, bodyComplete: false))
        #expect(good.bodyHead == Array(repeating: 65, count: 2048))
        #expect(good.bodyCount > 20_000 && good.bodyCount < 100_000)
        let bad = try loop.send("127.0.0.1", server.port) { $0.target = Array("/bad".utf8) }
        #expect(bad.result == .answered(status: 500, bodyComplete: false))
        #expect(bad.openedConnection)
    }

    @Test func `A body of exactly the limit is whole, and one that breaks off is told`() throws {
        let server = try server { connection in
            while try connection.read().line.contains("whole") {
                try connection.answer("200 OK", body: Array(repeating: 66, count: 1000))
            }
            try connection.answer("201 Created", ["Content-Length: 1000"])
            try connection.stream.write(Array("only this".utf8))
        }
        defer { server.stop() }
        let loop = try TransportLoop(.local { $0.maxResponse = 1000 })
        #expect(try loop.send("127.0.0.1", server.port) { $0.target = Array("/whole".utf8) }.status == 200)
        let cut = try loop.send("127.0.0.1", server.port)
        #expect(cut.result == .answered(status: 201, bodyComplete: false))
        #expect(cut.bodyHead == Array("only this".utf8))
    }

    @Test func `Answer headers are found by name, whatever the case, and only those of this answer`() throws {
        let server = try server { connection in
            _ = try connection.read()
            try connection.answer("503 Busy", ["retry-after:  120 "], body: Array("later".utf8))
            _ = try connection.read()
            try connection.answer("204 No Content")
        }
        defer { server.stop() }
        let loop = try TransportLoop()
        let transfer = try loop.send("127.0.0.1", server.port)
        #expect(transfer.status == 503)
        #expect(transfer.header("Retry-After") == Array("120".utf8))
        #expect(transfer.header("RETRY-AFTER") == Array("120".utf8))
        #expect(transfer.header("Location") == nil)
        loop.recycle(transfer)
        let again = try loop.send("127.0.0.1", server.port)
        #expect(again === transfer)
        #expect(again.status == 204)
        #expect(again.header("Retry-After") == nil)
        #expect(again.bodyHead == [] && again.bodyCount == 0)
    }

    @Test func `Of two answer headers of one name the last counts`() throws {
        let server = try server { connection in
            _ = try connection.read()
            try connection.answer("503 Busy", ["Retry-After: 1", "Retry-After: 120"], body: [])
        }
        defer { server.stop() }
        let loop = try TransportLoop()
        #expect(try loop.send("127.0.0.1", server.port).header("Retry-After") == Array("120".utf8))
    }

    @Test func `Redirects are answers, not followed`() throws {
        let server = try server { connection in
            _ = try connection.read()
            try connection.answer("302 Found", ["Location: /elsewhere"], body: [])
            _ = try connection.read()
        }
        defer { server.stop() }
        let loop = try TransportLoop()
        #expect(try loop.send("127.0.0.1", server.port).status == 302)
        #expect(server.requests.all.count == 1)
    }

    @Test func `An interim answer is not the answer`() throws {
        let server = try server { connection in
            _ = try connection.read()
            try connection.answer("103 Early Hints", ["Link: </a>"])
            try connection.answer("200 OK", body: [])
        }
        defer { server.stop() }
        let loop = try TransportLoop()
        #expect(try loop.send("127.0.0.1", server.port).status == 200)
    }

    @Test func `One transfer goes to one destination after the other`() throws {
        let (first, second) = (try server(), try server())
        defer {
            first.stop()
            second.stop()
        }
        let loop = try TransportLoop()
        for round in 0..<6 {
            let port = round % 2 == 0 ? first.port : second.port
            let transfer = try loop.send("127.0.0.1", port) { $0.target = Array("/\(round)".utf8) }
            #expect(transfer.status == 204)
            loop.recycle(transfer)
        }
        #expect(first.requests.all.map(\.line) == ["GET /0 HTTP/1.1", "GET /2 HTTP/1.1", "GET /4 HTTP/1.1"])
        #expect(second.requests.all.map(\.line) == ["GET /1 HTTP/1.1", "GET /3 HTTP/1.1", "GET /5 HTTP/1.1"])
        #expect(first.accepted.all.count == 1 && second.accepted.all.count == 1)
    }

    @Test func `An IPv6 literal`() throws {
        let server = try ScriptedServer(address: "::1")
        defer { server.stop() }
        let loop = try TransportLoop()
        let transfer = try loop.send("::1", server.port)
        #expect(transfer.status == 204)
        #expect(transfer.peer == "::1")
        #expect(server.requests.all.first?.headers.contains("Host: [::1]:\(server.port)") == true)
    }
}
