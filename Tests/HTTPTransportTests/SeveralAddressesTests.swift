import TestSupport
import Testing

@testable import HTTPTransport

/// Names with more than one address.
@Suite struct SeveralAddressesTests {
    private func loop(_ addresses: [String]) throws -> (NameServer, TransportLoop) {
        let names = try NameServer { _ in .addresses(addresses, timeToLive: 60) }
        return (names, try TransportLoop(.local { $0.nameServers = [names.address] }))
    }

    @Test func `When the first refuses, the next is dialled within the same attempt, and remembered`() throws {
        let server = try ScriptedServer(address: "127.0.0.3")
        let (names, loop) = try loop(["127.0.0.2", "127.0.0.3", "127.0.0.4"])
        defer {
            server.stop()
            names.stop()
        }
        let transfer = try loop.send("tracker.test", server.port)
        #expect(transfer.status == 204)
        #expect(transfer.peer == "127.0.0.3")
        #expect(transfer.sends == 1)
        loop.recycle(transfer)
        let again = try loop.send("tracker.test", server.port)
        #expect(!again.openedConnection)
        #expect(again.peer == "127.0.0.3")
        #expect(loop.transport.inFlight == 0)
    }

    @Test func `When all refuse, it is a connect failure, never sent`() throws {
        let port = try LoopbackListener(address: "127.0.0.2").port
        let (names, loop) = try loop(["127.0.0.2", "127.0.0.3"])
        defer { names.stop() }
        let transfer = try loop.send("tracker.test", port)
        #expect(transfer.failure?.kind == .refused)
        #expect(transfer.sends == 0)
        #expect(loop.transport.inFlight == 0)
    }

    @Test func `IPv4 comes before IPv6`() throws {
        let server = try ScriptedServer()
        let (names, loop) = try loop(["::1", "127.0.0.1"])
        defer {
            server.stop()
            names.stop()
        }
        #expect(try loop.send("tracker.test", server.port).peer == "127.0.0.1")
    }

    @Test func `An IPv6 address alone is dialled and pinned`() throws {
        let server = try ScriptedServer(address: "::1")
        let (names, loop) = try loop(["::1"])
        defer {
            server.stop()
            names.stop()
        }
        let transfer = try loop.send("tracker.test", server.port)
        #expect(transfer.status == 204)
        #expect(transfer.peer == "::1")
        #expect(server.requests.all.first?.headers.contains("Host: tracker.test:\(server.port)") == true)
    }

    @Test func `What was sent is not sent to another address`() throws {
        let first = try ScriptedServer(address: "127.0.0.2") { connection in _ = try connection.read() }
        let second = try ScriptedServer(address: "127.0.0.3", port: first.port)
        let (names, loop) = try loop(["127.0.0.2", "127.0.0.3"])
        defer {
            first.stop()
            second.stop()
            names.stop()
        }
        let transfer = try loop.send("tracker.test", first.port)
        #expect(transfer.failure?.kind == .receive)
        #expect(transfer.sends == 1)
        #expect(second.accepted.all == [])
    }

    /// Of an address that swallows packets nothing comes back but the end of `connect_timeout`.
    @Test func `An address that does not answer in time is left for the next, at the latest by the next attempt`()
        throws
    {
        let silent: @Sendable (ScriptedServer.Connection) throws -> Void = { connection in
            while true { _ = try connection.stream.readSome() }
        }
        let first = try ScriptedServer(address: "127.0.0.2", silent)
        let second = try ScriptedServer(address: "127.0.0.3", port: first.port, silent)
        let (names, loop) = try loop(["127.0.0.2", "127.0.0.3"])
        defer {
            first.stop()
            second.stop()
            names.stop()
        }
        // A TLS handshake without an answer is the part of connecting that a test can stretch.
        for _ in 0..<2 {
            let transfer = try loop.send("tracker.test", first.port, isTLS: true) { $0.connectTimeout = 1000 }
            #expect(transfer.failure?.kind == .timeout)
            #expect(transfer.sends == 0)
            loop.recycle(transfer)
        }
        #expect(first.accepted.all.count > 0)
        #expect(second.accepted.all.count > 0)
    }
}
