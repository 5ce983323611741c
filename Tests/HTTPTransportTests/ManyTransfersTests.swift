import EventLoop
import Glibc
import TestSupport
import Testing

@testable import HTTPTransport

@Suite struct ManyTransfersTests {
    @Test func `1,000 at once over several handles, all answered when all are there`() throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = min(limit.rlim_max, 8192)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)

        let count = 1000
        let listener = try LoopbackListener(address: "0.0.0.0")
        let answered = Journal<String>()
        let thread = try LoopThread(name: "server") {
            var streams: [LoopbackStream] = []
            while streams.count < count, let stream = listener.accept() { streams.append(stream) }
            // No one has an answer until everyone has asked.
            for stream in streams {
                var bytes: [UInt8] = []
                while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8), let more = try? stream.readSome() {
                    bytes += more
                }
                answered.add(String(decoding: bytes.prefix { $0 != 13 }, as: UTF8.self))
            }
            for stream in streams { try? stream.write(Array("HTTP/1.1 204 No Content\r\n\r\n".utf8)) }
        }
        // Of each of the two destinations a handle takes 16.
        let loop = try TransportLoop(.local { $0.concurrency = 2000 })
        var transfers: [Transfer] = []
        for number in 0..<count {
            transfers.append(
                try loop.start(number % 2 == 0 ? "127.0.0.1" : "127.0.0.2", listener.port) { transfer in
                    transfer.slot = number
                    transfer.target = Array("/\(number)".utf8)
                }
            )
        }
        let places = Dictionary(grouping: transfers) { [$0.shard, $0.slot % 2] }
        #expect(places.count == 64)
        #expect(places.values.allSatisfy { $0.count <= 16 })
        #expect(loop.transport.inFlight == count)
        #expect(try loop.turn { loop.ended.count == count })
        listener.stop()
        thread.join()
        #expect(loop.ended.allSatisfy { $0.status == 204 && $0.sends == 1 && $0.openedConnection })
        #expect(loop.ended.map(\.slot).sorted() == Array(0..<count))
        #expect(Set(answered.all) == Set((0..<count).map { "GET /\($0) HTTP/1.1" }))
        #expect(loop.transport.inFlight == 0)
    }

    @Test func `A destination with more than one handle takes spills over into the next, and comes back`() throws {
        let loop = try TransportLoop(.local { $0.concurrency = 2000 })
        // Nobody answers; all that matters is where they are put.
        let server = try LoopbackListener()
        let transfers = try (0..<1010).map { _ in try loop.start("127.0.0.1", server.port) { $0.timeout = 400 } }
        let loads = Dictionary(grouping: transfers, by: \.shard).mapValues(\.count)
        // A fourth more than their equal share.
        let most = 1010 * 5 / (4 * HTTPTransport.shardCount(concurrency: 2000)) + 1
        #expect(loads.values.allSatisfy { $0 <= most })
        let first = transfers[0].shard
        #expect(try loop.turn { loop.ended.count == transfers.count })
        // What has ended makes room again.
        #expect(try loop.start("127.0.0.1", server.port).shard == first)
    }

    @Test func `All handles together keep no more connections than files are reckoned for`() {
        for concurrency in [1, 2, 31, 32, 33, 100, 500, 2000, 10_000, 20_000] {
            let count = HTTPTransport.shardCount(concurrency: concurrency)
            let kept = count * HTTPTransport.connectionsPerShard(concurrency: concurrency, shards: count)
            #expect(kept >= concurrency)
            #expect(kept <= 2 * concurrency + 100)
        }
    }

    @Test func `HTTP/2 stays in one handle, where its connection is`() throws {
        let loop = try TransportLoop(.local { $0.concurrency = 2000 })
        let server = try LoopbackListener()
        let transfers = try (0..<100).map { _ in try loop.start("127.0.0.1", server.port) { $0.usesHTTP2 = true } }
        #expect(Set(transfers.map(\.shard)).count == 1)
    }

    @Test func `A transfer that ends may start another from its report`() throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        let loop = try TransportLoop()
        var left = 20
        _ = try loop.start("127.0.0.1", server.port)
        let origin = try loop.transport.origin(isTLS: false, host: "127.0.0.1", port: server.port)
        let deadline = Clock.monotonic() + Int64(Patience.stretched(20) * 1e9)
        while left > 0, Clock.monotonic() < deadline {
            try loop.turn()
            for transfer in loop.takeEnded() {
                #expect(transfer.status == 204)
                left -= 1
                loop.transport.start(transfer, to: origin)
            }
        }
        #expect(left == 0)
        #expect(server.accepted.all.count == 1)
    }

    @Test func `What a report starts is on its way before the loop turns again`() throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        let loop = try TransportLoop()
        // A connection is kept, so that sending takes nothing but libcurl.
        loop.recycle(try loop.send("127.0.0.1", server.port))
        _ = try loop.start("10.0.0.1", server.port)
        var answered: [Transfer] = []
        loop.transport.reap { transfer in
            // On a busy machine the answer may be there before this returns.
            guard transfer.failure?.kind == .blocked else { return answered.append(transfer) }
            _ = try? loop.start("127.0.0.1", server.port)
        }
        #expect(server.requests.wait(count: 2))
        #expect(try loop.turn { loop.ended.count + answered.count == 1 })
        #expect((answered + loop.ended).first?.status == 204)
    }

    @Test func `Destinations begin their search far apart, however many there are`() {
        for shards in [1, 4, 63, 64] {
            for count in [1, 2, 10, 64, 1000] {
                let hints = (0..<count).map { HTTPTransport.shardHint($0, shards: shards) }
                #expect(hints.allSatisfy { (0..<shards).contains($0) })
                let most = Dictionary(grouping: hints, by: \.self).values.map(\.count).max() ?? 0
                #expect(most <= count / shards + 2)
            }
        }
    }

    @Test func `Failures without libcurl are reported by reap, never from inside start`() throws {
        let loop = try TransportLoop(.local { $0.egress = EgressPolicy() })
        for _ in 0..<10 { _ = try loop.start("127.0.0.1", 80) }
        #expect(loop.ended.isEmpty)
        #expect(loop.transport.inFlight == 10)
        #expect(loop.transport.deadline != nil)
        var ended = 0
        loop.transport.reap { transfer in
            #expect(transfer.failure?.kind == .blocked)
            ended += 1
        }
        #expect(ended == 10)
        #expect(loop.transport.inFlight == 0)
        #expect(loop.transport.deadline == nil)
    }

    @Test func `shutDown in the middle closes every connection and reports nothing`() throws {
        let server = try ScriptedServer { connection in
            _ = try connection.read()
            if connection.number == 0 {
                try connection.answer("204 No Content")
                _ = try connection.read()
            }
            _ = try connection.read()
        }
        let names = try NameServer { _ in .nothing }
        defer {
            server.stop()
            names.stop()
        }
        let loop = try TransportLoop(.local { $0.nameServers = [names.address] })
        // One idle connection, twenty transfers without an answer, five names without an address, one blocked.
        loop.recycle(try loop.send("127.0.0.1", server.port))
        for _ in 0..<20 { _ = try loop.start("127.0.0.1", server.port) }
        for number in 0..<5 { _ = try loop.start("name-\(number).test", server.port) }
        #expect(try loop.turn { server.requests.all.count == 21 && names.lookUps >= 5 })
        _ = try loop.start("10.0.0.1", server.port)
        loop.transport.shutDown()
        #expect(server.ended.wait { $0.count == server.accepted.all.count })
        var reported = loop.ended.count
        loop.transport.reap { _ in reported += 1 }
        #expect(reported == 0)
        #expect(loop.transport.deadline == nil)
        #expect(try loop.epoll.wait(milliseconds: 0) == 0)
        // The same loop can carry another transport.
        let again = try HTTPTransport(epoll: loop.epoll, .local())
        again.shutDown()
    }
}
