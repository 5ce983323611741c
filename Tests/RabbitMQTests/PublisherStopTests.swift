import EventLoop
import Glibc
import RabbitMQ
import TestSupport
import Testing

/// Alarms, and the end of a publisher in the middle of anything.
@Suite struct PublisherStopTests {
    @Test func `During an alarm nothing is published; afterwards everything is`() throws {
        let relieved = Signal()
        let early = Journal<Int>()
        let broker = try ScriptedBroker { session in
            try session.greetPublisher()
            try session.send(.method(10, 60, channel: 0) { $0.shortString("low on disk") })
            // Whatever came while the alarm was on would stand before this in the stream.
            relieved.await()
            early.add(session.stream.waitingBytes)
            try session.send(.method(10, 61, channel: 0))
            for tag in UInt64(1)...3 {
                _ = try session.readPublication()
                try session.confirm(tag)
            }
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        let fixture = try PublisherFixture(broker)
        defer { fixture.publisher.stop() }
        #expect(fixture.states.wait { $0.contains(.blocked(reason: "low on disk")) })
        fixture.publish(1...3)
        usleep(100_000)
        #expect(fixture.results.all.isEmpty)
        relieved.give()
        #expect(fixture.results.wait(count: 3))
        #expect(early.all == [0])
        #expect(fixture.states.all == [.connecting, .connected, .blocked(reason: "low on disk"), .connected])
    }

    @Test func `During an alarm the publisher's thread sleeps, whatever waits`() throws {
        let relieved = Signal()
        let broker = try ScriptedBroker { session in
            try session.greetPublisher()
            try session.send(.method(10, 60, channel: 0) { $0.shortString("low on disk") })
            relieved.await()
            try session.send(.method(10, 61, channel: 0))
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        /// CPU time of the publisher's thread, and time, in nanoseconds, at each change of state.
        let readings = Journal<(cpu: Int64, time: Int64)>()
        let publisher = try Publisher(
            .init(urls: [broker.url], tls: BrokerTLS(), name: "a test"),
            onResults: { _ in },
            onState: { _ in
                var cpu = timespec()
                clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu)
                readings.add((Int64(cpu.tv_sec) * 1_000_000_000 + Int64(cpu.tv_nsec), Clock.monotonic()))
            }
        )
        defer { publisher.stop() }
        // connecting, connected, blocked; and connected again half a second later.
        #expect(readings.wait(count: 3))
        publisher.publish([PublishRequest(token: 1, exchange: "", routingKey: "q", body: [1])])
        usleep(500_000)
        relieved.give()
        #expect(readings.wait(count: 4))
        let (blocked, free) = (
            try #require(readings.all.dropFirst(2).first), try #require(readings.all.dropFirst(3).first)
        )
        let (cpu, time) = ((free.cpu - blocked.cpu) / 1_000_000, (free.time - blocked.time) / 1_000_000)
        // A thread that sleeps uses next to none, however busy the machine; one that spins uses all it can get.
        #expect(cpu * 5 < time, "\(cpu) ms of CPU in \(time) ms of waiting")
    }

    @Test func `stop breaks off a write that the broker does not take`() throws {
        let (reading, over) = (Signal(), Signal())
        let broker = try ScriptedBroker { session in
            try session.greetPublisher()
            _ = try session.readPublication()
            reading.give()
            over.await()
        }
        defer { broker.stop() }
        let fixture = try PublisherFixture(broker)
        // 64 MB fit no socket's buffers: the thread is somewhere inside a write when it is told to stop.
        fixture.publish(1...256, body: Array(repeating: 0x20, count: 256 << 10))
        reading.await()
        fixture.publisher.stop()
        over.give()
        #expect(fixture.results.all.count == 256)
        #expect(fixture.outcomes.count == 256)
        #expect(fixture.outcomes.values.allSatisfy { $0.isUnknown })
    }

    @Test func `stop without a broker ends the waiting between two tries`() throws {
        let nobody = try BrokerURL(parsing: "amqp://127.0.0.1:\(LoopbackListener().port)")
        let fixture = try PublisherFixture([nobody])
        fixture.publish(1...10)
        #expect(fixture.states.wait { $0.count { $0 == .connecting } >= 3 })
        fixture.publisher.stop()
        #expect(fixture.results.all.count == 10)
        #expect(fixture.outcomes.values.allSatisfy { $0.isUnknown })
    }

    @Test func `Requests that arrive together with the order to stop have an outcome too`() throws {
        let broker = try ScriptedBroker { session in
            try session.greetPublisher()
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        let (held, stopping) = (Signal(), Signal())
        let results = Journal<PublishResult>()
        let publisher = try Publisher(
            .init(urls: [broker.url], tls: BrokerTLS(), name: "a test"),
            onResults: { results.add($0) },
            onState: { state in
                // Holds the publisher's thread until both have been said to it.
                if state == .connected {
                    held.give()
                    stopping.await()
                }
            }
        )
        held.await()
        publisher.publish((1...5).map { PublishRequest(token: $0, exchange: "", routingKey: "q", body: [1]) })
        let stopper = try LoopThread(name: "stopper") { publisher.stop() }
        usleep(50_000)
        stopping.give()
        stopper.join()
        #expect(results.all.map(\.token).sorted() == [1, 2, 3, 4, 5])
        #expect(results.all.allSatisfy { $0.outcome.isUnknown })
    }

    @Test func `stop leaves every request with exactly one outcome, confirmed or not`() throws {
        let broker = try ScriptedBroker { session in
            try session.greetPublisher()
            var tag: UInt64 = 0
            while true {
                _ = try session.readPublication()
                tag += 1
                if tag % 3 == 0 { try session.confirm(tag) }
            }
        }
        defer { broker.stop() }
        let fixture = try PublisherFixture(broker, window: 300)
        fixture.publish(1...2000)
        #expect(fixture.results.wait(count: 50))
        fixture.publish(2001...2100)
        fixture.publisher.stop()
        #expect(fixture.results.all.count == 2100)
        #expect(fixture.outcomes.count == 2100)
        #expect(fixture.outcomes.values.allSatisfy { $0 == .confirmed || $0.isUnknown })
    }
}
