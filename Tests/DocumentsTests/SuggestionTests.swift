import Testing

@testable import Documents

@Suite("A suggestion")
struct SuggestionTests {
    @Test(
        "is the nearest word",
        arguments: [
            ("ulr", "url"), ("URL", "url"), ("metod", "method"), ("headres", "headers"), ("time_out", "timeout"),
            ("nmae", "name"),
        ]
    )
    func nearest(word: String, meant: String) {
        #expect(Suggestion.closest(to: word, among: ["url", "name", "method", "headers", "timeout"]) == meant)
    }

    @Test("is not made when nothing is near", arguments: ["", "zzzzzz", "completely", "q"])
    func nothing(word: String) {
        #expect(Suggestion.closest(to: word, among: ["url", "method"]) == nil)
    }

    @Test(
        "counts insertions, deletions, substitutions and neighbour swaps",
        arguments: [
            ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("abc", "acb", 1), ("abc", "abd", 1), ("kitten", "sitting", 3),
        ]
    )
    func distance(a: String, b: String, expected: Int) {
        #expect(Suggestion.editDistance(Array(a.utf8), Array(b.utf8)) == expected)
        #expect(Suggestion.editDistance(Array(b.utf8), Array(a.utf8)) == expected)
    }
}
