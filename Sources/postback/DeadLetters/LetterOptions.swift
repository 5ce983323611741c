import ArgumentParser
import Delivery
import Letters

/// The filters that all `dead-letters` commands share; all must hold, of several values for one any does.
struct LetterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only letters with this reason, such as rejected or exhausted; repeatable."))
    var reason: [String] = []
    @Option(help: ArgumentHelp("Only this publisher's; repeatable.", valueName: "id")) var publisher: [String] = []
    @Option(help: ArgumentHelp("Only of this offer; repeatable.", valueName: "id")) var offer: [String] = []
    @Option(help: ArgumentHelp("Only of this smartlink; repeatable.", valueName: "id")) var smartlink: [String] = []
    @Option(help: ArgumentHelp("Only of this route key; 1001/* is all that begin so; repeatable.", valueName: "key"))
    var route: [String] = []
    @Option(help: ArgumentHelp("Only to this host; *.example.com is all below it; repeatable.", valueName: "host"))
    var host: [String] = []
    @Option(help: ArgumentHelp("Only with this last answer: 503, 5xx, or none; repeatable.", valueName: "status"))
    var status: [String] = []
    @Option(help: ArgumentHelp("Only of this event; repeatable.", valueName: "id")) var eventID: [String] = []
    @Option(help: ArgumentHelp("Only what failed since then: \(TimeBound.help).", valueName: "time"))
    var since: TimeBound?
    @Option(help: ArgumentHelp("Only what failed before then.", valueName: "time")) var until: TimeBound?
    @Option(
        help: ArgumentHelp(
            "Only with this text in the body, the URL or the last error, in any case; repeatable: all must be there.",
            valueName: "text"
        )
    )
    var match: [String] = []

    func validate() throws {
        for (name, values) in [
            ("publisher", publisher), ("offer", offer), ("smartlink", smartlink), ("route", route), ("host", host),
            ("event-id", eventID), ("match", match),
        ] {
            try BlankFilter.refuse(values, of: name)
        }
        let reasons = DeadLetterReason.allCases.map(\.rawValue) + ["unknown"]
        for word in reason where !reasons.contains(word) {
            throw ValidationError(
                "--reason: there is no reason \"\(word)\"; allowed: \(reasons.joined(separator: ", "))"
            )
        }
        for text in status {
            if let flaw = LetterFilter.statusFlaw(text) { throw ValidationError("--status: \(flaw)") }
        }
    }

    var filter: LetterFilter {
        var filter = LetterFilter()
        filter.reasons = reason
        filter.publishers = publisher
        filter.offers = offer
        filter.smartlinks = smartlink
        filter.routes = route
        filter.hosts = host
        filter.statuses = status
        filter.eventIDs = eventID
        filter.since = since?.milliseconds
        filter.until = until?.milliseconds
        filter.texts = match
        return filter
    }
}
