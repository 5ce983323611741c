import Foundation
import Letters
import Worker

/// The line that shows how a replay goes on; only on a terminal.
struct ReplayBar {
    private var last = (count: 0, at: Date())
    private var rate = 0.0

    mutating func show(_ run: ReplayRun) {
        guard Console.isInteractive else { return }
        let now = Date()
        let seconds = now.timeIntervalSince(last.at)
        if seconds > 0.15 {
            let current = Double(run.tally.replayed - last.count) / seconds
            rate = rate == 0 ? current : 0.7 * rate + 0.3 * current
            last = (run.tally.replayed, now)
        }
        let share = run.frozen == 0 ? 1 : min(1, Double(run.position) / Double(run.frozen))
        let filled = Int(share * 20)
        var text = "[\(String(repeating: "#", count: filled))\(String(repeating: ".", count: 20 - filled))]"
        text += " \(run.position)/\(run.frozen)  replayed \(run.tally.replayed) (\(Int(rate))/s)"
        if run.isWatched {
            text += "  delivered \(run.tally.delivered)  failed again \(run.tally.failedCount)"
            text += "  retries \(run.tally.retries)  remaining \(run.openCount)"
        }
        Console.progress(text)
    }
}
