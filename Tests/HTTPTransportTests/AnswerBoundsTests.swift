import Foundation
import TestSupport
import Testing

@testable import HTTPTransport

/// Answers that never end, or are more than they seem.
@Suite struct AnswerBoundsTests {
    private func send(_ script: @escaping @Sendable (LoopbackStream) throws -> Void) throws -> (Transfer, TransportLoop)
    {
        let server = try ScriptedServer { connection in
            _ = try connection.read()
            try script(connection.stream)
        }
        defer { server.stop() }
        let loop = try TransportLoop()
        let transfer = try loop.send("127.0.0.1", server.port)
        #expect(loop.transport.inFlight == 0)
        return (transfer, loop)
    }

    @Test(arguments: ["X: y\r\n", "X-\(String(repeating: "a", count: 5000)): y\r\n"])
    func `Header lines without end end the answer; its status has decided`(line: String) throws {
        let (transfer, _) = try send { stream in
            try stream.write(Array("HTTP/1.1 404 Not Found\r\n".utf8))
            while true { try stream.write(Array(line.utf8)) }
        }
        #expect(transfer.result == .answered(status: 404, bodyComplete: false))
        #expect(transfer.headerLines <= TransportOptions.maxHeaderLines + 1)
        #expect(transfer.headerBytes <= TransportOptions.maxHeaderBytes + 6000)
    }

    @Test func `Interim answers without end are no answer`() throws {
        let (transfer, _) = try send { stream in
            while true { try stream.write(Array("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".utf8)) }
        }
        #expect(transfer.failure?.kind == .receive)
        #expect(transfer.sends == 1)
    }

    /// libcurl calls that lack of memory, and what we lack costs no attempt: it would be tried for ever.
    @Test(arguments: ["HTTP/1.1 200 ", "HTTP/1.1 200 OK\r\nX-Long: "])
    func `One line without end is the destination's fault`(start: String) throws {
        let (transfer, _) = try send { stream in
            try stream.write(Array(start.utf8))
            while true { try stream.write([UInt8](repeating: 0x61, count: 4096)) }
        }
        if let failure = transfer.failure {
            #expect(failure.kind == .receive)
        } else {
            #expect(transfer.result == .answered(status: 200, bodyComplete: false))
        }
        #expect(transfer.sends == 1)
    }

    @Test(arguments: ["Content-Encoding: gzip", "Transfer-Encoding: gzip, chunked"])
    func `A bomb is read up to the bound`(header: String) throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        try folder.write([UInt8](repeating: 0, count: 8 << 20), to: "zeros")
        let packer = try ChildProcess("/bin/gzip", ["-k", folder.file("zeros")])
        #expect(packer.waitForEnd(within: 20) == .exited(0))
        let packed = Array(try Data(contentsOf: URL(fileURLWithPath: folder.file("zeros.gz"))))
        let (transfer, loop) = try send { stream in
            try stream.write(Array("HTTP/1.1 200 OK\r\n\(header)\r\n".utf8))
            if header.contains("chunked") {
                try stream.write(
                    Array("\r\n\(String(packed.count, radix: 16))\r\n".utf8) + packed + Array("\r\n0\r\n\r\n".utf8)
                )
            } else {
                try stream.write(Array("Content-Length: \(packed.count)\r\n\r\n".utf8) + packed)
            }
        }
        guard case .answered(200, _) = transfer.result else {
            Issue.record("\(transfer.result)")
            return
        }
        // One buffer of libcurl's may be above the bound.
        #expect(transfer.bodyCount <= (64 << 10) + (16 << 10))
        #expect(transfer.bodyHead.count <= 2048)
        _ = loop
    }

    @Test func `A byte now and then does not stretch the time`() throws {
        let server = try ScriptedServer { connection in
            _ = try connection.read()
            try connection.answer("200 OK", ["Content-Length: 1000"])
            while true {
                try connection.stream.write([0x61])
                usleep(20_000)
            }
        }
        defer { server.stop() }
        let loop = try TransportLoop()
        let transfer = try loop.send("127.0.0.1", server.port) { $0.timeout = 2000 }
        #expect(transfer.result == .answered(status: 200, bodyComplete: false))
        #expect(transfer.bodyCount < 1000)
    }

    @Test(arguments: ["/a\r\nX: y", "/a b", "/a\0b", "", "http://127.0.0.1/"])
    func `A broken request line is not sent`(target: String) throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        let loop = try TransportLoop()
        let transfer = try loop.send("127.0.0.1", server.port) { $0.target = Array(target.utf8) }
        #expect(transfer.failure?.kind == .invalidURL)
        #expect(transfer.sends == 0)
        loop.recycle(transfer)
        #expect(try loop.send("127.0.0.1", server.port).status == 204)
        #expect(server.requests.all.count == 1)
    }

    @Test(arguments: ["A: b\r\nX: y", "A: b\nX: y", "A: b\rX: y", "A: b\0c"])
    func `A header that is more than one line is not sent`(line: String) throws {
        let server = try ScriptedServer()
        defer { server.stop() }
        let loop = try TransportLoop()
        for single in [true, false] {
            let transfer = try loop.send("127.0.0.1", server.port) { transfer in
                if single {
                    transfer.setHeader(Array(line.utf8))
                } else {
                    transfer.setHeaders([Array("B: c".utf8), Array(line.utf8)])
                }
            }
            #expect(transfer.failure?.kind == .invalidURL)
            loop.recycle(transfer)
        }
        #expect(try loop.send("127.0.0.1", server.port).status == 204)
        #expect(server.requests.all.count == 1)
    }
}
