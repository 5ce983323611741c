import Testing

@testable import RabbitMQ

@Suite struct StreamWindowTests {
    static func batch(_ bodies: [String], stream: String = "s") -> StreamBatch {
        var batch = StreamBatch(stream: stream, capacity: 1024)
        for body in bodies {
            batch.begin()
            batch.bytes.append(contentsOf: body.utf8)
            _ = batch.end(seconds: 1_700_000_000)
        }
        return batch
    }

    private func bodies(_ batches: [StreamBatch]) -> [String] {
        batches.flatMap { batch in (0..<batch.count).map { String(decoding: batch.body(at: $0), as: UTF8.self) } }
    }

    @Test func `A batch keeps its bodies, and leaves out what is empty or too large`() {
        var batch = Self.batch(["one", "two"])
        batch.begin()
        let isEmptyTaken = batch.end(seconds: 0)
        batch.begin()
        batch.bytes.append(contentsOf: [UInt8](repeating: 1, count: StreamBatch.bodyLimit + 1))
        let isTooLargeTaken = batch.end(seconds: 0)
        #expect(!isEmptyTaken && !isTooLargeTaken)
        batch.begin()
        batch.bytes.append(1)
        batch.abandon()
        batch.begin()
        batch.bytes.append(contentsOf: [UInt8](repeating: 0x61, count: StreamBatch.bodyLimit))
        let isLargestTaken = batch.end(seconds: 0)
        #expect(isLargestTaken)
        #expect(batch.count == 3)
        #expect(batch.body(at: 0) == Array("one".utf8))
        #expect(batch.body(at: 1) == Array("two".utf8))
        #expect(batch.body(at: 2).count == StreamBatch.bodyLimit)
        batch.removeFirst(1)
        #expect(batch.count == 2)
        #expect(batch.body(at: 0) == Array("two".utf8))
        batch.removeFirst(2)
        #expect(batch.isEmpty && batch.bytes.isEmpty)
    }

    @Test func `Confirms come in any order; a batch is over with its last`() {
        var window = StreamWindow()
        window.sent(Self.batch(["1", "2", "3"]))
        window.sent(Self.batch(["4"]))
        #expect(window.count == 4)
        let answers = [2, 2, 1].map { window.answered(tag: $0, multiple: false) }
        #expect(answers == [.init(answered: 1), .init(), .init(answered: 1)])
        #expect(window.count == 2)
        let rest = window.answered(tag: 0, multiple: true)
        #expect(rest.answered == 2 && rest.records == 4 && rest.bytes > 0)
        #expect(window.isEmpty)
        let unknown = window.answered(tag: 9, multiple: true)
        #expect(unknown == .init())
    }

    @Test func `What has no answer comes back, oldest first, and all is accounted for`() {
        var window = StreamWindow()
        let batches = [Self.batch(["1", "2", "3"]), Self.batch(["4", "5"])]
        for batch in batches { window.sent(batch) }
        let settled = window.answered(tag: 2, multiple: true)
        #expect(settled == .init(answered: 2))
        let (left, over) = window.lost()
        #expect(bodies(left) == ["3", "4", "5"])
        #expect(left.map(\.losses) == [1, 1])
        #expect(over.records == 2)
        #expect(over.bytes + left.reduce(0) { $0 + $1.bytes.count } == batches.reduce(0) { $0 + $1.bytes.count })
        #expect(window.isEmpty)
    }
}
