import TestSupport
import Testing

@testable import HTTPTransport

@Suite("Connections that are kept for the next request")
struct KeptConnectionsTests {
    /// One request to each of so many destinations, one after the other.
    /// - Returns: how many of them made a connection.
    private func visit(_ count: Int, _ loop: TransportLoop, _ port: UInt16) throws -> Int {
        var opened = 0
        for number in 0..<count {
            let transfer = try loop.send("127.0.0.\(number + 2)", port)
            #expect(transfer.status == 204)
            if transfer.openedConnection { opened += 1 }
            loop.recycle(transfer)
        }
        return opened
    }

    @Test("are as many as there are destinations, also where few requests are under way at once")
    func spare() throws {
        let server = try ScriptedServer(address: "0.0.0.0")
        defer { server.stop() }
        let loop = try TransportLoop(
            .local {
                $0.concurrency = 2
                $0.spareConnections = 1000
            }
        )
        #expect(try visit(40, loop, server.port) == 40)
        #expect(try visit(40, loop, server.port) == 0)
        #expect(server.accepted.all.count == 40)
    }

    @Test("are no more than there is room for")
    func bound() throws {
        let server = try ScriptedServer(address: "0.0.0.0")
        defer { server.stop() }
        let loop = try TransportLoop(
            .local {
                $0.concurrency = 2
                $0.spareConnections = 8
            }
        )
        // The least are 15.
        #expect(try visit(23, loop, server.port) == 23)
        #expect(try visit(23, loop, server.port) == 0)
        #expect(try visit(40, loop, server.port) == 17)
        #expect(try visit(40, loop, server.port) >= 17)
    }

    @Test("are four for each destination and two for each request, between the least and what may be spared")
    func formula() {
        for concurrency in [1, 2, 31, 32, 33, 100, 500, 2000, 10_000, 20_000] {
            let count = HTTPTransport.shardCount(concurrency: concurrency)
            let least = HTTPTransport.connectionsPerShard(concurrency: concurrency, shards: count)
            func kept(_ destinations: Int, _ spare: Int) -> Int {
                HTTPTransport.connectionsPerShard(
                    concurrency: concurrency,
                    shards: count,
                    destinations: destinations,
                    spare: spare
                )
            }
            #expect(kept(0, 0) == least)
            #expect(kept(1_000_000, 0) == least)
            #expect(kept(1_000_000, 1000) == least + 1000 / count)
            for destinations in [1, 10, 100, 1000, 10_000] {
                let most = kept(destinations, 1_000_000)
                #expect(most == max(least, (2 * concurrency + 4 * destinations) / count))
                #expect(kept(destinations, 1000) == min(most, least + 1000 / count))
            }
        }
    }
}
