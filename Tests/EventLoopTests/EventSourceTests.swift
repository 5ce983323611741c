import EventLoop
import Testing

@Suite struct EventSourceTests {
    @Test(
        arguments: [EventSource.wakeUp, .broker, .transfer, .resolver],
        [(0, 0), (3, 0), (1023, 1), (70_000, 7), (.max, 0xff_ffff), (-1, 5)] as [(Int32, Int)]
    )
    func `A token tells its source, descriptor and shard`(source: EventSource, place: (descriptor: Int32, shard: Int)) {
        let token = source.token(descriptor: place.descriptor, shard: place.shard)
        #expect(EventSource(token: token) == source)
        #expect(EventSource.descriptor(of: token) == place.descriptor)
        #expect(EventSource.shard(of: token) == place.shard)
    }

    @Test func `Tokens of different things differ`() {
        var tokens: Set<UInt64> = []
        for source in [EventSource.wakeUp, .broker, .transfer, .resolver] {
            for descriptor in Int32(0)..<50 {
                for shard in 0..<5 { tokens.insert(source.token(descriptor: descriptor, shard: shard)) }
            }
        }
        #expect(tokens.count == 4 * 50 * 5)
    }

    @Test(arguments: [0, 5, 0x0500_0000_0000_0000, 0xff00_0000_0000_0001, .max] as [UInt64])
    func `A token of nobody's is none`(token: UInt64) {
        #expect(EventSource(token: token) == nil)
    }
}
