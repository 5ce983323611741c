import TestSupport
import Testing

@testable import HTTPTransport

/// Names by the hundred that nobody answers for, and name servers that know nothing at all.
@Suite struct ManyNamesTests {
    private static let second: Int64 = 1_000_000_000

    private func names(_ answer: @escaping @Sendable (String) -> NameServer.Answer) throws -> (
        NameServer, TransportLoop
    ) {
        let names = try NameServer(answer)
        return (names, try TransportLoop(.local { $0.nameServers = [names.address] }))
    }

    /// Silent about every name of `dead.test`, at home with the others.
    private static func answer(_ name: String) -> NameServer.Answer {
        if name.hasSuffix(".dead.test") { return .nothing }
        return name.hasSuffix(".test") ? .addresses(["127.0.0.1"], timeToLive: 60) : .failure(code: 3)
    }

    @Test func `A thousand names that never resolve block no other, and fail by themselves`() throws {
        // Again where the name server of the test was starved for so long that it answered nobody in time.
        #expect(try (0..<5).contains { _ in try isAliveAmongDead() })
    }

    /// Whether one name is found while a thousand others are waited for.
    private func isAliveAmongDead() throws -> Bool {
        let server = try ScriptedServer()
        let (names, loop) = try names(Self.answer)
        defer {
            server.stop()
            names.stop()
        }
        for number in 0..<1000 { _ = try loop.start("n\(number).dead.test", 80) }
        let alive = try loop.start("alive.test", server.port)
        // Nothing has waited yet: so many were asked, and no more.
        let asked = { Set(names.questions.all.filter { $0.hasSuffix(".dead.test 1") }).count }
        #expect(asked() <= Resolver.limit)
        #expect(try loop.turn { loop.ended.contains { $0 === alive } })
        // The dead ones are over by their patience, however they were asked.
        loop.ahead += 6 * Self.second
        #expect(try loop.turn { loop.ended.count == 1001 })
        for transfer in loop.takeEnded() where transfer !== alive {
            #expect([.resolve, .local].contains(transfer.failure?.kind))
            loop.recycle(transfer)
        }
        #expect(loop.transport.inFlight == 0)
        return alive.status == 204
    }

    @Test func `Names that failed before leave room for the others`() throws {
        let server = try ScriptedServer()
        let (names, loop) = try names(Self.answer)
        defer {
            server.stop()
            names.stop()
        }
        for round in 0..<2 {
            for number in 0..<200 { _ = try loop.start("n\(number).dead.test", 80) }
            if round == 1 {
                // Half of the room is taken; this name is asked for at once.
                let alive = try loop.start("alive.test", server.port)
                #expect(try loop.turn { loop.ended.contains { $0 === alive } })
                #expect(alive.status == 204)
            }
            loop.ahead += 7 * Self.second
            #expect(try loop.turn { loop.transport.inFlight == 0 })
            for transfer in loop.takeEnded() { loop.recycle(transfer) }
        }
    }

    /// What a resolver on this machine says whose own way to the network is broken.
    @Test func `When the servers find out nothing about any name, it is our own trouble`() throws {
        let (names, loop) = try names { _ in .failure(code: 2) }
        defer { names.stop() }
        let transfer = try loop.send("tracker.test", 80)
        #expect(transfer.failure?.kind == .local)
        #expect(transfer.failure?.description.contains("tracker.test") == true)
    }

    @Test func `When no server answers at all, it is our own trouble, within some seconds`() throws {
        let (names, loop) = try names { _ in .nothing }
        defer { names.stop() }
        let transfer = try loop.start("tracker.test", 80)
        for _ in 0..<2 {
            loop.ahead += 5 * Self.second
            for _ in 0..<3 { try loop.turn() }
        }
        #expect(loop.takeEnded().contains { $0 === transfer })
        #expect(transfer.failure?.kind == .local)
        #expect(loop.transport.inFlight == 0)
    }

    @Test func `One name without an answer is its own trouble as soon as another was found since`() throws {
        let (names, loop) = try names(Self.answer)
        defer { names.stop() }
        let dead = try loop.start("one.dead.test", 80)
        let port = try LoopbackListener().port
        loop.recycle(try loop.send("alive.test", port))
        loop.ahead += 6 * Self.second
        #expect(try loop.turn { loop.ended.contains { $0 === dead } })
        #expect(dead.failure?.kind == .resolve)
        // It was told from the other name: nobody was asked for one that nobody has.
        #expect(names.questions.all.allSatisfy { $0.contains(".test ") })
    }

    @Test func `Other name servers in the system's file are asked from then on, also for what is under way`() throws {
        let server = try ScriptedServer()
        let silent = try NameServer { _ in .nothing }
        // Files of this kind know no ports: the other one has the same, at another address.
        let speaking = try NameServer(at: "127.0.0.2", port: silent.port) { _ in
            .addresses(["127.0.0.1"], timeToLive: 60)
        }
        let folder = try TestFolder()
        defer {
            server.stop()
            silent.stop()
            speaking.stop()
            folder.remove()
        }
        try folder.write("nameserver 127.0.0.1\n", to: "resolv.conf")
        let loop = try TransportLoop(
            .local {
                $0.resolverFile = folder.file("resolv.conf")
                $0.nameServerPort = silent.port
            }
        )
        let first = try loop.start("first.test", server.port)
        for _ in 0..<3 { try loop.turn() }
        try folder.write("# changed\nnameserver 127.0.0.2\n", to: "resolv.conf")
        loop.ahead += 2 * Self.second
        let second = try loop.start("second.test", server.port)
        #expect(try loop.turn { loop.ended.count == 2 })
        #expect([first, second].map(\.status) == [204, 204])
        #expect(silent.lookUps > 0)
    }
}
