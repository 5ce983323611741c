import Testing

@testable import Routing

@Suite("A key index")
struct KeyIndexTests {
    @Test("agrees with a dictionary", arguments: 0..<20)
    func agreement(seed: Int) {
        struct Key: Hashable {
            var owner: UInt32
            var bytes: [UInt8]
        }
        var dice = Dice(seed)
        var index = KeyIndex()
        var dictionary: [Key: Int] = [:]
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...4, using: &dice)).map { _ in UInt8.random(in: 0...5, using: &dice) }
            let key = Key(owner: UInt32.random(in: 0...3, using: &dice), bytes: bytes)
            let found = index.find(owner: key.owner, key.bytes.span)
            #expect(found == dictionary[key])
            let added = index.insert(owner: key.owner, key.bytes.span)
            #expect(added.isNew == (dictionary[key] == nil))
            if added.isNew { dictionary[key] = added.number }
            #expect(added.number == dictionary[key])
        }
        #expect(index.count == dictionary.count)
        for (key, number) in dictionary {
            let found = index.find(owner: key.owner, key.bytes.span)
            #expect(found == number)
            #expect(Array(index.bytes(of: number)) == key.bytes)
            #expect(index.owner(of: number) == key.owner)
        }
    }

    @Test("finds nothing when it is empty")
    func empty() {
        let found = KeyIndex().find(owner: 0, [UInt8]().span)
        #expect(found == nil)
    }
}
