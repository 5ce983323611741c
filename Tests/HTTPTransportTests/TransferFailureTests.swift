import TestSupport
import Testing

@testable import HTTPTransport

/// Requests that are not answered, and what is known about whether they went out.
@Suite struct TransferFailureTests {
    @Test func `Nobody listens: refused, never sent`() throws {
        let port = try LoopbackListener().port
        let loop = try TransportLoop()
        let transfer = try loop.send("127.0.0.1", port)
        #expect(transfer.failure?.kind == .refused)
        #expect(transfer.sends == 0)
        #expect(transfer.failure?.description.contains("libcurl 7") == true)
    }

    @Test func `No answer in time: a time-out, sent once`() throws {
        let server = try ScriptedServer { connection in
            _ = try connection.read()
            _ = try connection.read()
        }
        defer { server.stop() }
        let loop = try TransportLoop()
        let transfer = try loop.send("127.0.0.1", server.port) { $0.timeout = 2000 }
        #expect(transfer.failure?.kind == .timeout)
        #expect(transfer.sends == 1)
        #expect(server.ended.wait(count: 1))
    }

    @Test func `An answer that stops after the status line is judged by it when the time is up`() throws {
        let server = try ScriptedServer { connection in
            _ = try connection.read()
            try connection.answer("200 OK", ["Content-Length: 10"])
            _ = try connection.read()
        }
        defer { server.stop() }
        let loop = try TransportLoop()
        let transfer = try loop.send("127.0.0.1", server.port) { $0.timeout = 2000 }
        #expect(transfer.result == .answered(status: 200, bodyComplete: false))
    }

    @Test func `A close before the answer on a fresh connection: receive failed, sent once`() throws {
        let server = try ScriptedServer { connection in _ = try connection.read() }
        defer { server.stop() }
        let loop = try TransportLoop()
        let transfer = try loop.send("127.0.0.1", server.port)
        #expect(transfer.failure?.kind == .receive)
        #expect(transfer.sends == 1)
        #expect(server.requests.all.count == 1)
    }

    @Test(arguments: [HTTPMethod.get, .post])
    func `A close before the answer on a reused connection: libcurl sends again, and it is seen`(method: HTTPMethod)
        throws
    {
        let server = try ScriptedServer { connection in
            if connection.number == 0 {
                _ = try connection.read()
                try connection.answer("204 No Content")
                _ = try connection.read()
            } else {
                try connection.serve()
            }
        }
        defer { server.stop() }
        let loop = try TransportLoop()
        loop.recycle(try loop.send("127.0.0.1", server.port))
        let transfer = try loop.send("127.0.0.1", server.port) { transfer in
            transfer.method = method
            transfer.body = method == .get ? [] : Array("event=2".utf8)
        }
        #expect(transfer.status == 204)
        #expect(transfer.sends == 2)
        #expect(transfer.openedConnection)
        #expect(server.requests.all.count == 3)
        #expect(server.requests.all[1] == server.requests.all[2])
    }

    /// libcurl counts its re-sends over a handle's life and fails the sixth: a handle that re-sent is not used again.
    @Test func `Any number of re-sends works`() throws {
        let server = try ScriptedServer { connection in
            _ = try connection.read()
            try connection.answer("204 No Content")
            // Take the next request of the connection and hang up.
            _ = try connection.read()
        }
        defer { server.stop() }
        let loop = try TransportLoop()
        for round in 0..<12 {
            let transfer = try loop.send("127.0.0.1", server.port)
            #expect(transfer.status == 204, "round \(round)")
            #expect(transfer.sends == (round == 0 ? 1 : 2), "round \(round)")
            loop.recycle(transfer)
        }
    }

    @Test func `A connection that the server closed while idle is not used again`() throws {
        let server = try ScriptedServer { connection in
            _ = try connection.read()
            try connection.answer("204 No Content")
        }
        defer { server.stop() }
        let loop = try TransportLoop()
        for round in 0..<3 {
            loop.recycle(try loop.send("127.0.0.1", server.port))
            #expect(server.ended.wait(count: round + 1))
            // The loop hears of the close with nothing to do.
            for _ in 0..<3 { try loop.turn() }
        }
        #expect(server.requests.all.count == 3)
        #expect(server.accepted.all.count == 3)
    }

    @Test(arguments: [
        "NOT HTTP AT ALL\r\n\r\n", "\0\0\0\0", "HTTP/9.9 200 OK\r\n\r\n", "HTTP/1.1\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n",
    ])
    func `Garbage for an answer: receive failed, sent once`(garbage: String) throws {
        let server = try ScriptedServer { connection in
            _ = try connection.read()
            try connection.stream.write(Array(garbage.utf8))
        }
        defer { server.stop() }
        let loop = try TransportLoop()
        let transfer = try loop.send("127.0.0.1", server.port)
        #expect(transfer.failure?.kind == .receive)
        #expect(transfer.sends == 1)
    }

    @Test func `TLS with a server that speaks plain HTTP: tls failed, never sent`() throws {
        let server = try ScriptedServer { connection in
            _ = try connection.stream.readSome()
            try connection.answer("400 Bad Request", body: [])
        }
        defer { server.stop() }
        let loop = try TransportLoop()
        let transfer = try loop.send("127.0.0.1", server.port, isTLS: true)
        #expect(transfer.failure?.kind == .tls)
        #expect(transfer.sends == 0)
    }

    @Test func `TLS with a server that says nothing: a time-out, never sent`() throws {
        let server = try ScriptedServer { connection in while true { _ = try connection.stream.readSome() } }
        defer { server.stop() }
        let loop = try TransportLoop()
        let transfer = try loop.send("127.0.0.1", server.port, isTLS: true) { $0.connectTimeout = 1000 }
        #expect(transfer.failure?.kind == .timeout)
        #expect(transfer.sends == 0)
    }

    @Test func `A forbidden address is blocked and nothing reaches it`() throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        let loop = try TransportLoop(.local { $0.egress = EgressPolicy(ports: [1...65_535]) })
        let transfer = try loop.send("127.0.0.1", server.port)
        #expect(transfer.failure?.kind == .blocked)
        #expect(transfer.failure?.description.contains("127.0.0.1 is loopback") == true)
        #expect(transfer.sends == 0)
        // A second one, so that the first had every chance to arrive.
        _ = try loop.send("127.0.0.1", server.port)
        #expect(server.accepted.all == [])
    }

    @Test func `A forbidden port is blocked without a look-up`() throws {
        let names = try NameServer { _ in .addresses(["127.0.0.1"], timeToLive: 60) }
        defer { names.stop() }
        let loop = try TransportLoop(
            .local {
                $0.egress.ports = [80...80]
                $0.nameServers = [names.address]
            }
        )
        let transfer = try loop.send("tracker.test", 81)
        #expect(transfer.failure?.kind == .blocked)
        #expect(transfer.failure?.description.contains("port 81") == true)
        #expect(names.questions.all == [])
    }

    @Test(arguments: ["", "a b", "user@host", "a\nb", "[::1", "a:b:c"])
    func `A host that makes no URL is said to be invalid`(host: String) throws {
        let loop = try TransportLoop()
        let error = #expect(throws: TransferFailure.self) {
            try loop.transport.origin(isTLS: false, host: host, port: 80)
        }
        #expect(error?.kind == .invalidURL)
    }
}
