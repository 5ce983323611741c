/// The letters of a replay or discard by reason, host and publisher, for the dry run and the report. Pure.
package struct LetterCounts: Sendable {
    package private(set) var total = 0
    package private(set) var summaries: [LetterSummary]

    package init() {
        summaries = [.reason, .host, .publisher].map { LetterSummary(by: $0) }
    }

    package mutating func add(_ letter: Letter) {
        total += 1
        for index in summaries.indices { summaries[index].add(letter) }
    }
}
