import EventLoop
import RabbitMQ
import Synchronization
import TestSupport

/// A broker of the test's own on a loopback port: it does what its script says, one connection after the other.
final class ScriptedBroker: Sendable {
    private let listener: LoopbackListener
    private let thread = Mutex<LoopThread?>(nil)
    private let streams = Journal<LoopbackStream>()
    /// What the script threw; a client that hangs up ends a script without being a failure.
    let surprises = Journal<String>()

    /// - Parameter script: runs on the broker's thread for each connection; the connection ends with it.
    init(_ script: @escaping @Sendable (BrokerSession) throws -> Void) throws {
        listener = try LoopbackListener()
        let (listener, surprises, streams) = (listener, surprises, streams)
        let started = try LoopThread(name: "broker") {
            var number = 0
            while let stream = listener.accept() {
                streams.add(stream)
                do {
                    try script(BrokerSession(stream: stream, number: number))
                } catch SocketFailure.ended {
                } catch {
                    surprises.add("connection \(number): \(error)")
                }
                stream.close()
                number += 1
            }
        }
        thread.withLock { $0 = started }
    }

    func stop() {
        listener.stop()
        for stream in streams.all { stream.close() }
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }

    var url: BrokerURL {
        get throws { try BrokerURL(parsing: "amqp://worker:s3cret-pass@127.0.0.1:\(listener.port)/%2f") }
    }

    func connect() throws -> Connection { try Connection(to: url, tls: BrokerTLS(), name: "a test") }

    func consume(prefetch: Int = 100) throws -> Consumer {
        try Consumer(on: connect(), queue: "postback.conversions", prefetch: prefetch, tag: "tag")
    }
}
