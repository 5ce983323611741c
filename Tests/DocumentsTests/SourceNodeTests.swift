import Documents
import Testing

@Suite("A node of a document")
struct SourceNodeTests {
    private let position = SourcePosition(line: 1, column: 1)

    @Test("says in words what it is")
    func kind() {
        #expect(SourceNode(.null, at: position).kind == "nothing")
        #expect(SourceNode(.scalar("x", quoted: false), at: position).kind == "a value")
        #expect(SourceNode(.sequence([]), at: position).kind == "a list")
        #expect(SourceNode(.mapping([]), at: position).kind == "a mapping")
    }

    @Test("has entries when it is a mapping, none when it is nothing, and no entries otherwise")
    func entries() {
        let value = SourceNode(.scalar("x", quoted: true), at: position)
        let entry = SourceNode.Entry(key: "k", keyPosition: position, value: value)
        #expect(SourceNode(.mapping([entry]), at: position).entries?.map(\.key) == ["k"])
        #expect(SourceNode(.null, at: position).entries?.isEmpty == true)
        #expect(value.entries == nil)
        #expect(SourceNode(.sequence([]), at: position).entries == nil)
    }

    @Test("has a text only when it is a scalar")
    func text() {
        #expect(SourceNode(.scalar("no", quoted: true), at: position).text == "no")
        #expect(SourceNode(.null, at: position).text == nil)
    }
}
