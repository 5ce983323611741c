/// What happened in a run: a hash of all of it, and lines to read when somebody wants to.
final class Trace {
    /// FNV-1a over the words and numbers of every entry: two runs with the same hash took the same way.
    private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    private let timeline: Timeline
    private let print: ((String) -> Void)?

    init(_ timeline: Timeline, print: ((String) -> Void)?) {
        self.timeline = timeline
        self.print = print
    }

    /// - Parameters:
    ///   - word: what happened.
    ///   - numbers: to what: they are hashed with it.
    ///   - detail: only for readers.
    func note(_ word: StaticString, _ numbers: Int..., detail: @autoclosure () -> String = "") {
        for byte in UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount) { add(UInt64(byte)) }
        add(UInt64(bitPattern: timeline.now))
        for number in numbers { add(UInt64(bitPattern: Int64(number))) }
        guard let print else { return }
        let text = detail()
        let list = numbers.map(String.init).joined(separator: " ")
        print("\(Self.seconds(timeline.now))  \(word) \(list)\(text.isEmpty ? "" : "  \(text)")")
    }

    private func add(_ value: UInt64) {
        hash = (hash ^ value) &* 0x100_0000_01b3
    }

    /// `12.345678` of nanoseconds.
    static func seconds(_ time: Int64) -> String {
        let fraction = String(time / 1000 % 1_000_000)
        return "\(time / 1_000_000_000)." + String(repeating: "0", count: 6 - fraction.count) + fraction
    }
}
