import ArgumentParser
import Conversion
import Foundation
import Letters

/// What to look for in the delivery log. Every option that is given must fit; of one that is given several times, one.
struct DeliveryFilter: ParsableArguments {
    @Option(help: "The event's id.") var eventID: [String] = []
    @Option(help: "The publisher's id.") var publisher: [String] = []
    @Option(help: "The offer's id.") var offer: [String] = []
    @Option(help: "The smartlink's id.") var smartlink: [String] = []
    @Option(help: "The route key, such as 1001/global/default; 1001/* or 1001/ means all of 1001's.")
    var route: [String] = []
    @Option(help: "The host of the postback's URL.") var host: [String] = []
    @Option(
        help: ArgumentHelp(
            "delivered, duplicate, rejected, retry, unknown_outcome, own_fault, blocked, no_route, filtered, ..., or "
                + "failed for all that went wrong."
        )
    )
    var verdict: [String] = []
    @Option(help: "The answer's status: 404, a class such as 5xx, or a range such as 500-503.")
    var status: [StatusFilter] = []
    @Option(
        help: "The reason code of a dead letter (rejected, exhausted, ...), or words that the reason holds."
    )
    var reason: [String] = []
    @Option(help: "The id of the replay that it came from.") var replay: [String] = []
    @Option(help: ArgumentHelp("From this time on: " + TimeBound.help + ".", valueName: "time"))
    var since: TimeBound?
    @Option(help: ArgumentHelp("Up to this time.", valueName: "time")) var until: TimeBound?
    @Flag(help: "Only test conversions.") var test = false

    func validate() throws {
        for (name, values) in [
            ("event-id", eventID), ("publisher", publisher), ("offer", offer), ("smartlink", smartlink),
            ("route", route), ("host", host), ("verdict", verdict), ("reason", reason), ("replay", replay),
        ] {
            try BlankFilter.refuse(values, of: name)
        }
        for word in verdict where !Self.verdicts.contains(word) {
            throw ValidationError(
                "--verdict: there is no verdict \"\(word)\"; allowed: \(Self.verdicts.joined(separator: ", "))"
            )
        }
        if let since, let until, until.milliseconds < since.milliseconds {
            throw ValidationError("--until lies before --since")
        }
    }

    /// Those of records, and what stands for all that went wrong.
    static let verdicts = [
        "delivered", "duplicate", "rejected", "retry", "unknown_outcome", "own_fault", "blocked", "no_route",
        "suppressed", "filtered", "missing_token", "invalid_event", "invalid_url", "exhausted", "expired",
        "route_removed", "paused", "poison", "failed",
    ]

    /// A text that must stand in the bytes of a record that fits; a quick look before it is decoded.
    var needles: [[UInt8]] {
        [eventID, publisher, offer, smartlink, host.map { $0.lowercased() }, replay].compactMap {
            $0.count == 1 ? $0[0] : nil
        }
        // What JSON writes in another way cannot be looked for.
        .filter { $0.utf8.allSatisfy { 0x20..<0x7F ~= $0 && $0 != 0x22 && $0 != 0x5C } && !$0.isEmpty }
        .map { Array("\"\($0)\"".utf8) }
    }

    func matches(_ record: LoggedDelivery) -> Bool {
        matches(eventID, record.eventID) && matches(publisher, record.publisherID) && matches(offer, record.offerID)
            && matches(smartlink, record.smartlinkID) && matchesRoute(record) && matchesHost(record)
            && matchesVerdict(record) && matchesReason(record) && matches(replay, record.replay)
            && (status.isEmpty || status.contains { $0.matches(record.status) })
            && (!test || record.test == true) && matchesTime(record)
    }

    private func matches(_ wanted: [String], _ value: String?) -> Bool {
        wanted.isEmpty || value.map(wanted.contains) ?? false
    }

    private func matchesRoute(_ record: LoggedDelivery) -> Bool {
        guard !route.isEmpty else { return true }
        guard let key = record.route else { return false }
        return route.contains { RoutePattern.matches(key, $0) }
    }

    private func matchesHost(_ record: LoggedDelivery) -> Bool {
        host.isEmpty || record.host.map { host.map { $0.lowercased() }.contains($0) } ?? false
    }

    private func matchesVerdict(_ record: LoggedDelivery) -> Bool {
        verdict.isEmpty || verdict.contains { $0 == record.verdict || ($0 == "failed" && record.isFailure) }
    }

    private func matchesReason(_ record: LoggedDelivery) -> Bool {
        if reason.isEmpty { return true }
        let texts = [record.reason, record.error].compactMap { $0?.lowercased() }
        return reason.contains { wanted in
            wanted == record.deadLetter || wanted == record.rule
                || texts.contains { $0.contains(wanted.lowercased()) }
        }
    }

    private func matchesTime(_ record: LoggedDelivery) -> Bool {
        guard since != nil || until != nil else { return true }
        guard let at = try? RFC3339.milliseconds(Array(record.at.utf8).span) else { return false }
        return at >= since?.milliseconds ?? .min && at <= until?.milliseconds ?? .max
    }
}
