import TestSupport
import Testing

@testable import HTTPTransport

/// Names, with a name server of the test's.
@Suite struct ResolverTests {
    private static let second: Int64 = 1_000_000_000

    private func names(_ answer: @escaping @Sendable (String) -> NameServer.Answer) throws -> (
        NameServer, TransportLoop
    ) {
        let names = try NameServer(answer)
        let loop = try TransportLoop(.local { $0.nameServers = [names.address] })
        return (names, loop)
    }

    @Test func `localhost is resolved and pinned`() throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        let loop = try TransportLoop()
        let transfer = try loop.send("localhost", server.port)
        #expect(transfer.status == 204)
        #expect(transfer.peer == "127.0.0.1")
        #expect(server.requests.all.first?.headers.contains("Host: localhost:\(server.port)") == true)
    }

    @Test func `A name's address is dialled, and the server sees the name`() throws {
        let server = try ScriptedServer()
        let (names, loop) = try names {
            $0 == "tracker.test" ? .addresses(["127.0.0.1"], timeToLive: 60) : .failure(code: 3)
        }
        defer {
            server.stop()
            names.stop()
        }
        var lookUps: [Bool] = []
        loop.transport.onLookUp = { lookUps.append($0) }
        let transfer = try loop.send("tracker.test", server.port)
        #expect(transfer.status == 204)
        #expect(transfer.peer == "127.0.0.1")
        #expect(server.requests.all.first?.headers.contains("Host: tracker.test:\(server.port)") == true)
        loop.recycle(transfer)
        #expect(try loop.send("tracker.test", server.port).openedConnection == false)
        #expect(names.lookUps == 1)
        #expect(lookUps == [true])
    }

    @Test func `Fifty transfers to one name ask once`() throws {
        let server = try ScriptedServer()
        let (names, loop) = try names { _ in .addresses(["127.0.0.1"], timeToLive: 60) }
        defer {
            server.stop()
            names.stop()
        }
        for _ in 0..<50 { _ = try loop.start("tracker.test", server.port) }
        #expect(loop.transport.inFlight == 50)
        #expect(try loop.turn { loop.ended.count == 50 })
        #expect(loop.ended.allSatisfy { $0.status == 204 })
        #expect(names.lookUps == 1)
    }

    @Test(arguments: [(0, 5), (1, 5), (60, 60), (86_400, 300)] as [(UInt32, Int64)])
    func `An answer holds for its time to live, at least 5 s and at most 5 min`(timeToLive: UInt32, seconds: Int64)
        throws
    {
        let server = try ScriptedServer()
        let (names, loop) = try names { _ in .addresses(["127.0.0.1"], timeToLive: timeToLive) }
        defer {
            server.stop()
            names.stop()
        }
        loop.recycle(try loop.send("tracker.test", server.port))
        loop.ahead += (seconds - 2) * Self.second
        loop.recycle(try loop.send("tracker.test", server.port))
        #expect(names.lookUps == 1)
        loop.ahead += 3 * Self.second
        let transfer = try loop.send("tracker.test", server.port)
        #expect(transfer.status == 204)
        #expect(names.lookUps == 2)
        // The same address, so the same connection.
        #expect(server.accepted.all.count == 1)
    }

    @Test func `A name that does not exist fails, for a second without asking again`() throws {
        let (names, loop) = try names { _ in .failure(code: 3) }
        defer { names.stop() }
        var lookUps: [Bool] = []
        loop.transport.onLookUp = { lookUps.append($0) }
        for _ in 0..<3 {
            let transfer = try loop.send("gone.test", 80)
            #expect(transfer.failure?.kind == .resolve)
            #expect(transfer.failure?.description.contains("gone.test") == true)
            #expect(transfer.sends == 0)
            loop.recycle(transfer)
        }
        let asked = names.questions.all.count
        #expect(lookUps == [false])
        loop.ahead += 2 * Self.second
        _ = try loop.send("gone.test", 80)
        #expect(names.questions.all.count > asked)
        #expect(lookUps == [false, false])
    }

    /// Code 2 is "server failure", which a broken zone of the publisher's gives everyone who asks; 4 and 5 are "not
    /// implemented" and "refused". They must cost attempts: what costs none is tried every few seconds for ever.
    @Test(arguments: [1, 2, 3, 4, 5, 9] as [UInt8])
    func `A name server that answers with a failure speaks of the name, not of us`(code: UInt8) throws {
        let (names, loop) = try names { .failure(code: $0 == "broken.test" ? code : 3) }
        defer { names.stop() }
        let transfer = try loop.send("broken.test", 80)
        #expect(transfer.failure?.kind == .resolve)
        #expect(transfer.sends == 0)
    }

    @Test func `A name without addresses is no destination`() throws {
        let (names, loop) = try names { _ in .addresses([], timeToLive: 60) }
        defer { names.stop() }
        let transfer = try loop.send("empty.test", 80)
        #expect(transfer.failure?.kind == .resolve)
        #expect(transfer.failure?.description.contains("empty.test") == true)
    }

    @Test func `Servers that do not answer, or answer nonsense, end the look-up after some seconds`() throws {
        let (names, loop) = try names { name in
            switch name {
            case "short.test": .garbage([0x81, 0x80])
            case "noise.test": .garbage(Array(repeating: 0xff, count: 40))
            case "silent.test": .nothing
            // The probe.
            default: .failure(code: 3)
            }
        }
        defer { names.stop() }
        let transfers = try ["silent.test", "short.test", "noise.test"].map { try loop.start($0, 80) }
        #expect(try loop.turn { loop.ended.count == 3 })
        for transfer in transfers {
            #expect(transfer.failure?.kind == .resolve)
            #expect(transfer.sends == 0)
        }
        #expect(loop.transport.inFlight == 0)
        #expect(loop.transport.deadline == nil)
    }

    @Test func `No name server in reach is our own trouble`() throws {
        let names = try NameServer { _ in .nothing }
        let address = names.address
        names.stop()
        let loop = try TransportLoop(.local { $0.nameServers = [address] })
        _ = consume names
        let transfer = try loop.send("tracker.test", 80)
        #expect(transfer.failure?.kind == .local)
    }

    @Test func `Of public and private answers only the permitted are dialled`() throws {
        let server = try ScriptedServer()
        let (names, loop) = try names {
            $0 == "mixed.test"
                ? .addresses(["10.0.0.1", "127.0.0.1", "fd00::1"], timeToLive: 60)
                : .addresses(["10.0.0.1", "192.168.0.1"], timeToLive: 60)
        }
        defer {
            server.stop()
            names.stop()
        }
        let mixed = try loop.send("mixed.test", server.port)
        #expect(mixed.status == 204)
        #expect(mixed.peer == "127.0.0.1")
        let internalOnly = try loop.send("internal.test", server.port)
        #expect(internalOnly.failure?.kind == .blocked)
        #expect(internalOnly.failure?.description.contains("10.0.0.1 is private") == true)
        #expect(internalOnly.sends == 0)
    }

    @Test func `A name that moves into the private network is blocked from then on, idle connection or not`() throws {
        let server = try ScriptedServer()
        let moved = Signal()
        let (names, loop) = try names { _ in .addresses([moved.all.isEmpty ? "127.0.0.1" : "10.0.0.1"], timeToLive: 5) }
        defer {
            server.stop()
            names.stop()
        }
        loop.recycle(try loop.send("rebind.test", server.port))
        moved.give()
        loop.ahead += 6 * Self.second
        let transfer = try loop.send("rebind.test", server.port)
        #expect(transfer.failure?.kind == .blocked)
        #expect(server.requests.all.count == 1)
    }

    @Test(arguments: ["127.1", "2130706433", "0x7f.1", "0177.0.0.1"])
    func `An address in disguise reaches nothing that is forbidden`(host: String) throws {
        let server = try ScriptedServer()
        let names = try NameServer { _ in .addresses(["8.8.8.8"], timeToLive: 60) }
        defer {
            server.stop()
            names.stop()
        }
        let loop = try TransportLoop(
            .local {
                $0.egress = EgressPolicy(ports: [1...65_535])
                $0.nameServers = [names.address]
            }
        )
        #expect {
            _ = try loop.transport.origin(isTLS: false, host: host, port: server.port)
        } throws: {
            ($0 as? TransferFailure)?.kind == .invalidURL
        }
        #expect(names.questions.all == [])
    }
}
