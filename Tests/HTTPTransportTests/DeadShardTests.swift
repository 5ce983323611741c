import TestSupport
import Testing

@testable import HTTPTransport

/// A multi handle that libcurl refuses to go on with. libcurl gives such errors only on misuse, so a double gives them.
@Suite struct DeadShardTests {
    final class Shard: MultiHandle {
        enum Broken { case none, action, removal }

        var broken = Broken.none

        /// CURLM_INTERNAL_ERROR.
        private static let code: Int32 = 4

        override func socketAction(_ descriptor: Int32, _ mask: Int32) -> Int32 {
            broken == .action ? Self.code : super.socketAction(descriptor, mask)
        }

        override func takeOut(_ transfer: Transfer) -> Int32 {
            let code = super.takeOut(transfer)
            return broken == .removal ? Self.code : code
        }
    }

    final class Shards {
        var made: [Shard] = []
    }

    private func loop() throws -> (TransportLoop, Shards) {
        let shards = Shards()
        // One that takes all there is.
        let options = TransportOptions.local { $0.concurrency = 1 }
        let loop = try TransportLoop(options) { index, connections, transport throws(TransferFailure) in
            let shard = try Shard(index: index, connections: connections, transport: transport)
            shards.made.append(shard)
            return shard
        }
        return (loop, shards)
    }

    @Test func `Its transfers end as our own fault, and a new handle takes over`() throws {
        let server = try ScriptedServer { connection in
            while try !connection.read().line.contains("/silent") { try connection.answer("204 No Content") }
            _ = try connection.read()
        }
        defer { server.stop() }
        let (loop, shards) = try loop()
        var told: [String] = []
        loop.transport.onFault = { told.append($0) }
        for _ in 0..<3 { _ = try loop.start("127.0.0.1", server.port) { $0.target = Array("/silent".utf8) } }
        #expect(try loop.turn { server.requests.all.count == 3 })
        #expect(loop.ended.isEmpty)

        try #require(shards.made.first).broken = .action
        // Something for the handle to do: its next timer, or a fourth transfer.
        _ = try loop.start("127.0.0.1", server.port)
        #expect(try loop.turn { loop.ended.count == 4 })
        let ended = loop.takeEnded()
        #expect(ended.count { $0.sends == 1 } >= 3, "what was sent may have arrived")
        for transfer in ended {
            #expect(transfer.failure?.kind == .local)
            #expect(transfer.failure?.description.contains("Internal error") == true)
            loop.recycle(transfer)
        }
        #expect(loop.transport.inFlight == 0)
        #expect(shards.made.count == 2)
        #expect(told.count == 1)
        #expect(told.first?.contains("4 requests under way were given up") == true)

        #expect(try loop.send("127.0.0.1", server.port).status == 204)
        #expect(shards.made.count == 2)
    }

    @Test func `What has ended already keeps its result`() throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        let (loop, shards) = try loop()
        try #require(shards.made.first).broken = .removal
        let transfer = try loop.send("127.0.0.1", server.port)
        #expect(transfer.status == 204)
        loop.recycle(transfer)
        #expect(shards.made.count == 2)
        #expect(try loop.send("127.0.0.1", server.port).status == 204)
        #expect(server.requests.all.count == 2)
        #expect(loop.transport.inFlight == 0)
    }
}
