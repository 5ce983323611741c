import Delivery
import Testing

@Suite struct RecentSettlementsTests {
    private func key(_ number: Int) -> [UInt8] { Array("event-\(number)/1001/global/default".utf8) }

    @Test func `At least as many as the limit are known, and no more than twice as many`() {
        for limit in [1, 2, 7, 500] {
            for count in [0, 1, limit - 1, limit, limit + 1, 2 * limit, 5 * limit + 3] {
                var settlements = RecentSettlements(limit: limit)
                for number in 0..<count { settlements.add(KeyPile(), key(number), [0]) }
                let known = settlements.take()
                #expect(known.count >= min(count, limit) && known.count <= 2 * limit)
                #expect(known == (0..<count).suffix(known.count).map { key($0) + [0] })
                #expect(settlements.take().isEmpty)
            }
        }
    }

    @Test func `A message's deliveries that were over before its last count as one with it`() {
        var settlements = RecentSettlements(limit: 1)
        var earlier = KeyPile()
        earlier.add(key(1), [])
        earlier.add([], key(2))
        settlements.add(earlier, key(3), [1, 2])
        #expect(settlements.take() == [key(1), key(2), key(3) + [1, 2]])
    }

    @Test func `Keys of any length and content come back as they were`() {
        var pile = KeyPile()
        let keys: [[UInt8]] = [[], [0], Array(repeating: 255, count: 255), Array(repeating: 1, count: 70_000)]
        for key in keys { pile.add(key, []) }
        #expect(pile.keys == keys)
        pile.removeAll()
        #expect(pile.isEmpty && pile.keys.isEmpty)
    }
}
