import Conversion
import TestSupport
import Testing

@Suite struct RobustnessTests {
    @Test func `An event cut off at any byte is refused, and the body is kept`() {
        let body = Array(completeEvent.utf8)
        var event = ConversionEvent()
        for count in 0..<body.count {
            #expect(throws: EventFault.self, "\(count) bytes") { try event.decode(body.span.extracting(0..<count)) }
            #expect(event.storage[..<event.bodyCount] == body[..<count])
        }
    }

    /// What comes out must be in order whether the mutated body is accepted or not; a crash ends the run.
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `Random damage is either still an event or refused with a place in the body`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let seeds = [completeEvent, #"{"specversion":"1.0","id":"ü\ud83d\ude00","data":\#(completeEvent)}"#].map {
            Array($0.utf8)
        }
        let pieces = [
            #"""#, "\\", "{", "}", "[", "]", ",", ":", "\\u", "\\ud800", "1e9", "-", "0", "null", "\u{0}", "ü",
            #""id""#,
        ]
        .map { Array($0.utf8) }
        var event = ConversionEvent()
        var (accepted, refused) = (0, 0)
        for _ in 0..<8_000 {
            var body = seeds[Int.random(in: 0..<seeds.count, using: &random)]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: 0..<body.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: body[index] = UInt8.random(in: 0...255, using: &random)
                case 1: body.remove(at: index)
                case 2: body.insert(contentsOf: pieces[Int.random(in: 0..<pieces.count, using: &random)], at: index)
                default: body.removeSubrange(index..<min(body.count, index + Int.random(in: 0...20, using: &random)))
                }
            }
            if let error = refusal(of: body, by: &event) {
                refused += 1
                try #require((0...body.count).contains(error.offset) && error.path.hasPrefix("$"))
            } else {
                accepted += 1
                for field in EventField.allCases {
                    if let range = event.range(of: field) {
                        try #require(range.indices.upperBound <= event.storage.count)
                    }
                }
                try #require(String(validating: event.storage, as: UTF8.self) != nil)
            }
            try #require(event.storage[..<event.bodyCount].elementsEqual(body))
        }
        // Both ways must have been walked.
        #expect(accepted > 100 && refused > 1000)
    }

    private func refusal(of body: [UInt8], by event: inout ConversionEvent) -> EventFault? {
        do throws(EventFault) {
            try event.decode(body.span)
            return nil
        } catch {
            return error
        }
    }

    @Test func `A value decoded again forgets the event before`() throws {
        var event = ConversionEvent()
        try event.decode(Array(completeEvent.utf8).span)
        try event.decode(Array(#"{"id":"2","publisher_id":"3"}"#.utf8).span)
        #expect(event.text(.id) == "2")
        #expect(event.range(of: .clickID) == nil && event.range(of: .payoutAmount) == nil)
        #expect(event.payout == nil && event.occurredAt == nil && !event.isTest && event.status == .approved)
        #expect(event.subIDs.isEmpty && event.parameters.isEmpty)
        #expect(event.storage.count < 60)
    }

    @Test func `Decoding again reuses the buffer, and gives a huge one back`() throws {
        let body = Array(completeEvent.utf8)
        var event = ConversionEvent()
        func address() -> Int { event.storage.withUnsafeBytes { Int(bitPattern: $0.baseAddress) } }
        for _ in 0..<3 { try event.decode(body.span) }
        let before = address()
        for _ in 0..<1000 { try event.decode(body.span) }
        #expect(address() == before)
        let huge = [UInt8](repeating: 0x20, count: 8 << 20)
        #expect(throws: EventFault.self) { try event.decode(huge.span) }
        #expect(event.bodyCount == huge.count)
        try event.decode(body.span)
        #expect(event.storage.capacity < 1 << 20)
    }

    @Test func `A copy keeps its event when the original is decoded again`() throws {
        var event = try decode(completeEvent)
        let copy = event
        try event.decode(Array(#"{"id":"2","publisher_id":"3"}"#.utf8).span)
        #expect(copy.text(.id) == "c-1")
        #expect(event.text(.id) == "2")
    }
}
