import Letters
import Testing

struct LetterFilterTests {
    private static let noon: Int64 = 1_795_676_400_000

    private struct Case: Sendable {
        let set: @Sendable (inout LetterFilter) -> Void
        let matches: Bool

        init(_ matches: Bool, _ set: @escaping @Sendable (inout LetterFilter) -> Void) {
            self.set = set
            self.matches = matches
        }
    }

    private static let cases: [Case] = [

        Case(true) { $0.reasons = ["expired", "rejected"] }, Case(false) { $0.reasons = ["expired"] },
        Case(true) { $0.publishers = ["1001"] }, Case(false) { $0.publishers = ["100"] },
        Case(true) { $0.offers = ["5512"] }, Case(false) { $0.offers = ["551"] },
        Case(true) { $0.smartlinks = ["77"] }, Case(false) { $0.smartlinks = ["7"] },
        Case(true) { $0.routes = ["1001/offers/5512/default"] }, Case(true) { $0.routes = ["1001/*"] },
        Case(false) { $0.routes = ["1001/offers/5512"] }, Case(false) { $0.routes = ["1002/*"] },
        Case(true) { $0.hosts = ["TRACK.example.com"] }, Case(true) { $0.hosts = ["*.example.com"] },
        Case(false) { $0.hosts = ["example.com"] }, Case(false) { $0.hosts = ["*.track.example.com"] },
        Case(true) { $0.statuses = ["503"] }, Case(true) { $0.statuses = ["5xx"] },
        Case(false) { $0.statuses = ["none", "4xx"] },
        Case(true) { $0.eventIDs = ["ev-1"] }, Case(false) { $0.eventIDs = ["EV-1"] },
        Case(true) { $0.since = noon }, Case(false) { $0.since = noon + 1 },
        Case(true) { $0.until = noon + 1 }, Case(false) { $0.until = noon },
        Case(true) { $0.texts = ["maintenance"] }, Case(true) { $0.texts = ["PUBLISHER_ID"] },
        Case(true) { $0.texts = ["/PB?cid"] }, Case(false) { $0.texts = ["maintenance", "nowhere"] },
        Case(true) { $0.texts = [""] },
        Case(false) {
            $0.reasons = ["rejected"]; $0.publishers = ["2"]
        },
    ]

    @Test("each filter lets through what it names, and nothing else", arguments: cases.indices)
    func filters(index: Int) {
        var filter = LetterFilter()
        Self.cases[index].set(&filter)
        #expect(filter.matches(letter(event, rejected)) == Self.cases[index].matches, "\(filter.description)")
    }

    private let event = #"{"id":"ev-1","publisher_id":"1001","offer_id":"5512","smartlink_id":"77","click_id":"c"}"#

    @Test("no filter lets through everything, also what the broker made; a time lets through only what has one")
    func nothing() {
        let poison = LettersTests.letter(headers: [("x-first-death-reason", .text("delivery_limit"))])
        #expect(LetterFilter().isEmpty && LetterFilter().matches(poison))
        var filter = LetterFilter()
        filter.since = 0
        #expect(!filter.isEmpty && !filter.matches(poison))
        filter = LetterFilter()
        filter.statuses = ["none"]
        #expect(filter.matches(poison))
    }

    @Test("a status is a number, a class or none")
    func statuses() {
        for good in ["200", "599", "4xx", "none"] { #expect(LetterFilter.statusFlaw(good) == nil) }
        for bad in ["", "99", "6xx", "xx", "5XX", "five", "1000"] { #expect(LetterFilter.statusFlaw(bad) != nil) }
    }
}
