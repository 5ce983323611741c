import Conversion
import TestSupport
import Testing

@Suite struct NameTableTests {
    /// How many names there are, on both sides of where a table is made and of where it grows.
    @Test(arguments: [1, 7, 8, 9, 31, 32, 33, 64, 65, 129, 1000])
    func `Whichever name stands twice, that is where the event is refused`(count: Int) throws {
        let names = (0..<count).map { "n\($0)" }
        let event1 = try decode(event(with: Self.parameters(names)))
        #expect(event1.parameters.map { event1.string($0.name) } == names)
        for index in stride(from: 0, to: count, by: max(1, count / 40)) {
            let refused = fault(event(with: Self.parameters(names + [names[index]])))
            #expect(refused?.path == "$.parameters.\(names[index])")
            #expect(refused?.reason.contains("twice") == true)
        }
    }

    @Test func `The first name that stands twice is told, and what is wrong behind it is not`() {
        let names = (0..<100).map { "n\($0)" }
        let text = event(with: Self.parameters(names + ["n40", "n30"])).dropLast(1)
        #expect(fault(String(text))?.path == "$.parameters.n40")
    }

    @Test func `A name is what it spells, also among many`() {
        let names = (0..<50).map { "n\($0)" }
        #expect(fault(event(with: Self.parameters(names + ["\\u006e7"])))?.path == "$.parameters.n7")
        #expect(fault(event(with: Self.parameters(["\\u006e7"] + names)))?.path == "$.parameters.n7")
        #expect(fault(event(with: Self.parameters(names + ["ü", "\\u00fc"])))?.path == "$.parameters['ü']")
    }

    @Test func `Names that begin, end or go on like others are names of their own`() throws {
        var names = (0...60).map { String(repeating: "a", count: $0) }
        names += (0...60).map { String(repeating: "a", count: $0) + "b" }
        names += (1...60).map { "b" + String(repeating: "a", count: $0) }
        names += (0..<40).map { String(repeating: "x", count: $0) + "yz" + String(repeating: "x", count: 40 - $0) }
        #expect(try decode(event(with: Self.parameters(names))).parameters.count == names.count)
        for name in names {
            #expect(fault(event(with: Self.parameters(names + [name])))?.reason.contains("twice") == true, "\(name)")
        }
    }

    /// The last name lies near the end of the text, where there are no eight bytes to read at once.
    @Test func `The end of the text is no part of a name`() throws {
        var scanned = ConversionEvent()
        let names = (0..<20).map { "n\($0)" }
        for last in ["q", "qq", "qqqqqqq", "qqqqqqqq", "n19"] {
            let members = (names + [last]).map { "\"\($0)\":1" }.joined(separator: ",")
            let body = Array(#"{"id":"c","publisher_id":"1","parameters":{\#(members)}}"#.utf8)
            let isTwice = names.contains(last)
            do {
                try scanned.decode(body.span)
                #expect(!isTwice)
                #expect(scanned.parameters.count == 21)
            } catch {
                #expect(isTwice, "\(last)")
            }
        }
    }

    @Test func `Sub ids and parameters may have names in common`() throws {
        let names = (0..<30).map { "n\($0)" }
        let text = event(with: Self.parameters(names) + #","sub_ids":{\#(Self.members(names))}"#)
        let both = try decode(text)
        #expect(both.parameters.count == 30)
        #expect(both.subIDs.count == 30)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `Names by chance are told apart as a set does it`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let count = Int.random(in: 1...90, using: &random)
            let most = Int.random(in: 1...18, using: &random)
            let names = (0..<count).map { _ in
                String((0..<Int.random(in: 1...most, using: &random)).map { _ in "ab".randomElement(using: &random)! })
            }
            var met: Set<String> = []
            let twice = names.first { !met.insert($0).inserted }
            let refused = fault(event(with: Self.parameters(names)))
            #expect(refused?.path == twice.map { "$.parameters.\($0)" })
        }
    }

    private static func members(_ names: [String]) -> String {
        names.map { "\"\($0)\":\"v\"" }.joined(separator: ",")
    }

    private static func parameters(_ names: [String]) -> String { "\"parameters\":{\(members(names))}" }
}
