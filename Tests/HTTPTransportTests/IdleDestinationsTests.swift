import EventLoop
import Testing

@testable import HTTPTransport

@Suite("What is known about destinations nobody asks for")
struct IdleDestinationsTests {
    private func transport() throws -> HTTPTransport {
        try HTTPTransport(epoll: Epoll(), .local())
    }

    /// Destinations whose names were looked up a moment ago.
    private func origins(_ numbers: Range<Int>, of transport: HTTPTransport) throws -> [Origin] {
        try numbers.map { number in
            let origin = try transport.origin(isTLS: false, host: "h\(number).example", port: 80)
            origin.resolved([try #require(IPAddress("127.0.0.1"))], until: transport.now + 60_000_000_000)
            return origin
        }
    }

    @Test("is kept until its addresses expire, and then forgotten where nobody refers to it")
    func expiry() throws {
        let transport = try transport()
        defer { transport.shutDown() }
        let kept = try origins(0..<3, of: transport)
        _ = try origins(3..<2_000, of: transport)
        transport.forgetIdle()
        #expect(transport.originCount == 2_000)
        transport.now += 61_000_000_000
        transport.forgetIdle()
        #expect(transport.originCount == 3)
        #expect(try transport.origin(isTLS: false, host: "h2.example", port: 80) === kept[2])
    }

    @Test("is bounded, however long the answers of name servers hold")
    func bound() throws {
        let transport = try transport()
        defer { transport.shutDown() }
        let kept = try origins(0..<10, of: transport)
        for round in 0..<6 {
            _ = try origins(1_000 + round * 5_000..<1_000 + (round + 1) * 5_000, of: transport)
            transport.forgetIdle()
            #expect(transport.originCount <= HTTPTransport.mostOrigins * 2 + 6_000)
        }
        #expect(try transport.origin(isTLS: false, host: "h9.example", port: 80) === kept[9])
    }
}
