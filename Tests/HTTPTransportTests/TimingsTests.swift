import TestSupport
import Testing

@testable import HTTPTransport

/// How long the parts of a transfer took, as far as that can be told without a verdict on this machine's pace.
@Suite struct TimingsTests {
    @Test func `An answer comes after the connection, and the end after the answer`() throws {
        let server = try ScriptedServer { connection in
            while true {
                _ = try connection.read()
                try connection.answer("200 OK", body: Array("ok".utf8))
            }
        }
        defer { server.stop() }
        let loop = try TransportLoop()
        let first = try loop.send("127.0.0.1", server.port)
        let timings = first.timings
        let connected = try #require(timings.connected)
        let firstByte = try #require(timings.firstByte)
        #expect(connected > 0)
        #expect(timings.secured == nil)
        #expect(firstByte >= connected)
        #expect(timings.total >= firstByte)
        loop.recycle(first)

        let second = try loop.send("127.0.0.1", server.port)
        #expect(!second.openedConnection)
        #expect(second.timings.connected == nil)
        #expect(second.timings.firstByte != nil)
    }

    @Test func `A request without an answer has no first byte, and its time-out is its total`() throws {
        let server = try ScriptedServer { connection in
            while true { _ = try connection.read() }
        }
        defer { server.stop() }
        let loop = try TransportLoop()
        let transfer = try loop.send("127.0.0.1", server.port) { $0.timeout = 2000 }
        #expect(transfer.timings.connected != nil)
        #expect(transfer.timings.firstByte == nil)
        #expect(transfer.timings.total >= 2_000_000)
    }
}
