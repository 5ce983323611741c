import EventLoop
import HTTPTransport
import TestSupport
import Testing

@Suite struct SocketTableTests {
    @Test func `Epoll is told only what it does not know`() {
        var table = SocketTable()
        #expect(table.want(5, .readable, shard: 0) == .add)
        #expect(table.isWanted(5))
        #expect(table.want(5, .readable, shard: 0) == .nothing)
        #expect(table.want(5, [.readable, .writable], shard: 0) == .modify)
        #expect(table.want(5, [.readable, .writable], shard: 0) == .nothing)
        #expect(table.want(5, .writable, shard: 0) == .modify)
    }

    @Test func `A socket let go between two requests stays known, and another handle's changes its token`() {
        var table = SocketTable()
        _ = table.want(7, .readable, shard: 0)
        table.release(7)
        #expect(!table.isWanted(7))
        #expect(table.want(7, .readable, shard: 0) == .nothing)
        #expect(table.isWanted(7))
        table.release(7)
        #expect(table.want(7, .readable, shard: 1) == .modify)
    }

    @Test func `A closed descriptor's number begins anew`() {
        var table = SocketTable()
        _ = table.want(7, .readable, shard: 0)
        table.forget(7)
        #expect(!table.isWanted(7))
        #expect(table.want(7, .readable, shard: 0) == .add)
        table.release(7)
        table.forget(7)
        #expect(table.want(7, .readable, shard: 0) == .add)
    }

    @Test(arguments: [-1, 0, 3, 100_000, Int32.max, .min])
    func `What was never wanted is not, and can be let go and forgotten`(descriptor: Int32) {
        var table = SocketTable()
        _ = table.want(2, .readable, shard: 0)
        #expect(!table.isWanted(descriptor))
        table.release(descriptor)
        table.forget(descriptor)
        #expect(table.isWanted(2))
    }

    /// Against a set of what epoll would have registered; the kernel refuses a wrong `add` or `modify`.
    @Test(arguments: 0..<10)
    func `Random lives of sockets: never a call that the kernel would refuse`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var table = SocketTable()
        var registered: [Int32: (Readiness, Int)] = [:]
        for _ in 0..<5000 {
            let descriptor = Int32.random(in: 3..<20, using: &generator)
            switch Int.random(in: 0..<10, using: &generator) {
            case ..<6:
                let interest: Readiness = [[.readable], [.writable], [.readable, .writable]][
                    Int.random(in: 0..<3, using: &generator)
                ]
                let shard = Int.random(in: 0..<2, using: &generator)
                let change = table.want(descriptor, interest, shard: shard)
                let known = registered[descriptor].map { $0 == (interest, shard) }
                let expected: SocketTable.Change = known == nil ? .add : known == true ? .nothing : .modify
                if change != expected { Issue.record("\(change), not \(expected)") }
                registered[descriptor] = (interest, shard)
            case ..<8: table.release(descriptor)
            default:
                table.forget(descriptor)
                registered[descriptor] = nil
            }
        }
        #expect(!registered.isEmpty)
    }
}
