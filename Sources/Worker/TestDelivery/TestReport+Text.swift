import Routing

extension TestReport {
    /// For a terminal; ends without a line break.
    package var text: String {
        var lines = ["Test conversion \(PrintableText.line(event))", ""]
        if let explanation { lines += explanation.searchLines }
        for (delivery, attempt) in zip(deliveries, attempts) {
            lines += ["", headline(delivery, attempt)]
            if let request = delivery.request { lines += request.lines.map(Self.indented) }
            lines += notes(delivery).map { "  note: \($0)" }
            if let attempt { lines += [""] + attempt.lines.map(Self.indented) }
        }
        if let reason = explanation?.noRouteReason { lines += ["", "Nothing was sent: \(reason)"] }
        if isDryRun, !deliveries.isEmpty { lines += ["", "Nothing was sent: a dry run"] }
        return lines.joined(separator: "\n")
    }

    private static func indented(_ line: String) -> String { line.isEmpty ? line : "  \(line)" }

    private func headline(_ delivery: DeliveryExplanation, _ attempt: TestAttempt?) -> String {
        if let attempt { return "\(delivery.route): \(attempt.verdict)" }
        if let obstacle = delivery.obstacle {
            return "\(delivery.route): not sent, \(obstacle.reason): \(PrintableText.line(obstacle.text))"
        }
        return "\(delivery.route): would be sent"
    }

    /// Where the test is not what the worker would do.
    private func notes(_ delivery: DeliveryExplanation) -> [String] {
        var notes = delivery.rules.filter { !$0.holds }.map {
            "left out by its rules when it is not tested: \($0.text)"
        }
        if delivery.delay > 0 { notes.append("its delay of \(DurationText.text(delivery.delay)) is not waited for") }
        return notes
    }
}

extension TestAttempt {
    /// How many lines of the answer are shown.
    private static let shownLines = 12

    fileprivate var lines: [String] {
        var lines = ["answer: \(answer)"]
        if let location { lines.append("location: \(PrintableText.line(location))") }
        lines += bodyLines.map { "  \($0)" }
        lines.append("timings: \(timings.text)")
        if sends > 1 { lines.append("sends: libcurl sent it \(sends) times, because a kept-alive connection was dead") }
        lines.append("verdict: \(verdict)\(explanation.map { ", \(PrintableText.line($0))" } ?? "")")
        lines.append("a worker would next: \(next)")
        return lines
    }

    private var answer: String {
        let place = peer.map { " from \($0)" } ?? ""
        guard let status else { return "none\(place)" }
        return "status \(status)\(place), \(bodyCount) byte\(bodyCount == 1 ? "" : "s")"
    }

    private var bodyLines: [String] {
        if body.isEmpty { return [] }
        var all = PrintableText.lines(String(decoding: body, as: UTF8.self))
        while all.last?.isEmpty == true { all.removeLast() }
        let shown = all.prefix(Self.shownLines).map { $0.count > 200 ? $0.prefix(200) + "..." : $0 }
        return all.count > shown.count || !isBodyWhole ? shown + ["..."] : shown
    }
}

extension TestAttempt.Timings {
    /// `DNS 3.1 ms, connect 1.0 ms, TLS 16.0 ms, first byte 40.2 ms, total 61.0 ms`.
    fileprivate var text: String {
        let parts = [("DNS", dns), ("connect", connect), ("TLS", tls), ("first byte", firstByte), ("total", total)]
        return parts.compactMap { name, time in
            time.map { "\(name) \($0 / 1000).\($0 % 1000 / 100) ms" }
        }
        .joined(separator: ", ")
    }
}
