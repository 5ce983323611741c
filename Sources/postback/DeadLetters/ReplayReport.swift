import Letters
import Worker

/// What a replay did, for people and programs.
struct ReplayReport: Encodable {
    let id: String
    let dryRun: Bool
    /// How many letters lay there at the start.
    let frozen: Int
    let matched: Int
    let replayed: Int
    let already: Int
    let unknown: Int
    let refused: Int
    let left: [String: Int]
    let delivered: Int?
    let failedAgain: [String: Int]?
    let notSent: [String: Int]?
    let retries: Int?
    let open: Int?
    let stopped: String?
    let trouble: String?
    let byReason: [String: Int]
    let byHost: [String: Int]
    let byPublisher: [String: Int]

    enum CodingKeys: String, CodingKey {
        case id
        case dryRun = "dry_run"
        case frozen, matched, replayed, already, unknown, refused, left, delivered
        case failedAgain = "failed_again"
        case notSent = "not_sent"
        case retries, open, stopped, trouble
        case byReason = "by_reason"
        case byHost = "by_host"
        case byPublisher = "by_publisher"
    }

    private let summaries: [LetterSummary]
    private let waits: Bool
    private let records: Int
    private let canary: (failed: Int, size: Int)?
    private let resolvedAnew: Int

    init(_ run: ReplayRun, isDryRun: Bool) {
        let tally = run.tally
        id = run.options.id
        dryRun = isDryRun
        frozen = run.frozen
        matched = tally.matched
        replayed = tally.replayed
        already = tally.already
        unknown = tally.unknown
        refused = tally.refused
        left = Dictionary(uniqueKeysWithValues: tally.left.map { ($0.key.rawValue, $0.value) })
        delivered = run.isWatched ? tally.delivered : nil
        failedAgain = run.isWatched ? tally.failedAgain : nil
        notSent = run.isWatched ? tally.notSent : nil
        retries = run.isWatched ? tally.retries : nil
        open = run.isWatched ? run.openCount : nil
        records = tally.records
        resolvedAnew = tally.resolvedAnew
        canary = run.canaryResult
        stopped = run.stop?.rawValue
        trouble = run.trouble
        summaries = run.counts.summaries
        waits = run.options.waits
        let counts = summaries.map { summary in
            Dictionary(uniqueKeysWithValues: summary.rows.map { ($0.value, $0.count) })
        }
        byReason = counts[0]
        byHost = counts[1]
        byPublisher = counts[2]
    }

    var isSuccess: Bool {
        if stopped != nil || !left.isEmpty || unknown + refused > 0 { return false }
        if !waits { return true }
        return (open ?? 0) == 0 && (failedAgain ?? [:]).isEmpty && (notSent ?? [:]).isEmpty
    }

    var text: String {
        var lines: [String] = []
        let leftCount = left.values.reduce(0, +)
        if dryRun {
            lines.append("\(matched - leftCount) of \(frozen) dead letters would be replayed; nothing was changed")
            for summary in summaries where !summary.rows.isEmpty {
                lines += ["", SummaryRow.text(summary, width: TextTable.lineWidth(nil))]
            }
        } else {
            lines.append("\(replayed) of \(frozen) dead letters replayed, as \(id)")
        }
        for (obstacle, count) in left.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(count) left: \(Self.explanation(obstacle))")
        }
        if already > 0 { lines.append("  \(already) had been replayed before the interruption") }
        if unknown > 0 {
            lines.append(
                "  \(unknown) unknown: the answer was lost; they are still there, and may have been replayed too"
            )
        }
        if refused > 0 { lines.append("  \(refused) not taken by the broker; they are still there") }
        if let delivered, let failedAgain, let notSent, let open {
            lines.append("  delivered \(delivered)")
            lines.append("  failed again \(Self.list(failedAgain))")
            if !notSent.isEmpty { lines.append("  not sent \(Self.list(notSent))") }
            if resolvedAnew > 0 {
                lines.append(
                    "  these are deliveries: \(resolvedAnew) letters had no route, and may have had several each, told until none "
                        + "came for \(ReplayTally.quiet / 1_000_000_000) s"
                )
            }
            if open > 0 { lines.append("  on their way \(open), after \(retries ?? 0) attempts that will be repeated") }
        }
        return lines.joined(separator: "\n")
    }

    /// Why the exit code is 1.
    var advice: String {
        switch stopped {
        case "interrupted": "interrupted; what was not replayed stays, and running it again goes on"
        case "canary":
            "stopped: \(canary?.failed ?? 0) of \(canary?.size ?? 0) first attempts of the canary failed. "
                + "`postback deliveries --replay \(id)` shows why"
        case "timeout" where records == 0:
            "stopped: the delivery log told nothing of it in time (--timeout). Do workers run, and write it "
                + "(deliveries.log: all)? `postback status` shows who consumes"
        case "timeout": "stopped: not all verdicts came in time (--timeout). `postback deliveries` shows what goes on"
        case "broker": "stopped: \(trouble ?? "the broker is gone")"
        default: ""
        }
    }

    private static func list(_ counts: [String: Int]) -> String {
        let total = counts.values.reduce(0, +)
        if total == 0 { return "0" }
        let parts = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
        return "\(total) (\(parts.map { "\($0.key) \($0.value)" }.joined(separator: ", ")))"
    }

    private static func explanation(_ obstacle: String) -> String {
        switch ReplayTarget.Obstacle(rawValue: obstacle) {
        case .masked: "the template holds masked secrets, and the postback has another today; --to current replays them"
        case .cut: "the template was too long to be kept whole; --to current replays them"
        case .missing: "there is no template: the route was gone when they failed; --to current replays them"
        case nil: obstacle
        }
    }
}
