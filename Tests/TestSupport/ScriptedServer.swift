import EventLoop
import Synchronization

/// An HTTP server of the test's own: each connection gets a thread that does what the script says.
package final class ScriptedServer: Sendable {
    package struct Request: Sendable, Equatable {
        /// `GET /path HTTP/1.1`.
        package var line: String
        /// As they came, in their order.
        package var headers: [String]
        package var body: [UInt8]
    }

    /// One connection, and what can be done with it.
    package struct Connection: Sendable {
        package let stream: LoopbackStream
        /// From 0, in the order of acceptance.
        package let number: Int
        package let requests: Journal<Request>

        /// The next request, noted; throws when the client hangs up first.
        package func read() throws -> Request {
            var bytes: [UInt8] = []
            while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) { bytes += try stream.read(1) }
            var lines = String(decoding: bytes.dropLast(4), as: UTF8.self).split(separator: "\r\n").map(String.init)
            let length = lines.first { $0.lowercased().hasPrefix("content-length:") }?.split(separator: " ").last
                .flatMap { Int($0) }
            let body = try stream.read(length ?? 0)
            let request = Request(line: lines.removeFirst(), headers: lines, body: body)
            requests.add(request)
            return request
        }

        package func answer(_ status: String, _ headers: [String] = [], body: [UInt8]? = nil) throws {
            var lines = ["HTTP/1.1 \(status)"] + headers
            if let body { lines.append("Content-Length: \(body.count)") }
            try stream.write(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? []))
        }

        /// Answers every request of the connection with 204.
        package func serve() throws {
            while true {
                _ = try read()
                try answer("204 No Content")
            }
        }
    }

    package let port: UInt16
    package let requests = Journal<Request>()
    /// Numbers of the connections that were accepted, and of those that are over.
    package let accepted = Journal<Int>()
    package let ended = Journal<Int>()
    private let listener: LoopbackListener
    private let acceptor = Mutex<LoopThread?>(nil)
    private let threads = Journal<LoopThread>()
    private let streams = Journal<LoopbackStream>()

    package init(
        address: String = "127.0.0.1",
        port: UInt16 = 0,
        _ script: @escaping @Sendable (Connection) throws -> Void = { try $0.serve() }
    ) throws {
        let listener = try LoopbackListener(address: address, port: port)
        self.listener = listener
        self.port = listener.port
        let (requests, accepted, ended, threads, streams) = (requests, accepted, ended, threads, streams)
        let thread = try LoopThread(name: "server") {
            var number = 0
            while let stream = listener.accept() {
                streams.add(stream)
                accepted.add(number)
                let connection = Connection(stream: stream, number: number, requests: requests)
                let thread = try? LoopThread(name: "server") {
                    try? script(connection)
                    stream.close()
                    ended.add(connection.number)
                }
                if let thread { threads.add(thread) }
                number += 1
            }
        }
        acceptor.withLock { $0 = thread }
    }

    package func stop() {
        listener.stop()
        acceptor.withLock { thread in
            thread?.join()
            thread = nil
        }
        for stream in streams.all { stream.close() }
        for thread in threads.takeAll() { thread.join() }
    }
}
