import Testing

@testable import Worker

@Suite("The lane's numbers of a snapshot's destinations")
struct SnapshotNumbersTests {
    @Test("are what was set, and -1 for all others", arguments: [1, 255, 256, 257, 100_000])
    func values(count: Int) {
        var numbers = SnapshotNumbers(count: count)
        var expected = Array(repeating: -1, count: count)
        for index in stride(from: 0, to: count, by: 97) {
            numbers[index] = index * 3
            expected[index] = index * 3
        }
        numbers[count - 1] = 7
        expected[count - 1] = 7
        numbers[0] = -1
        expected[0] = -1
        #expect((0..<count).map { numbers[$0] } == expected)
        #expect(numbers.count == count)
    }

    @Test("of no destinations are none")
    func none() {
        #expect(SnapshotNumbers(count: 0).count == 0)
    }
}
