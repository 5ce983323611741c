import RabbitMQ
import Testing

@Suite struct ReconnectBackOffTests {
    private static let middles: [Double] = [200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000, 10_000]

    @Test func `The waits double from 200 ms to 10 s, each varied by a fifth`() {
        var seen: Set<Int32> = []
        for _ in 0..<200 {
            var backOff = ReconnectBackOff()
            for middle in Self.middles {
                let wait = backOff.next()
                seen.insert(wait)
                if Double(wait) < (middle * 0.8).rounded(.down) || Double(wait) > middle * 1.2 {
                    Issue.record("\(wait) ms where \(middle) is the middle")
                }
            }
        }
        #expect(seen.count > 100)
    }

    @Test func `After a success it begins anew, and it never ends`() {
        var backOff = ReconnectBackOff()
        for _ in 0..<100_000 {
            if backOff.next() > 12_000 { Issue.record("over the cap") }
        }
        backOff.succeeded()
        #expect((160...240).contains(backOff.next()))
    }
}
