extension Explanation {
    /// For a terminal: the event, the search, then each delivery; ends without a line break.
    package var text: String {
        var lines = ["Event \(event.text)", ""]
        lines += searchLines
        for delivery in deliveries {
            lines.append("")
            lines += delivery.lines(routesFile: routesFile)
        }
        if let noRouteReason {
            lines += ["", "Nothing would be sent: \(noRouteReason)"]
        } else if !sendsSomething {
            lines += ["", "Nothing would be sent"]
        }
        return lines.joined(separator: "\n")
    }

    /// How the search went, scope by scope.
    package var searchLines: [String] {
        guard let mode, let modeOrigin else { return ["The routes have no publisher \(event.publisher)"] }
        let origin = modeOrigin == .usual ? "" : " (from: \(modeOrigin.text))"
        var lines = ["Search: smartlink, offer, global; mode \(mode.rawValue)\(origin)"]
        let width = scopes.map(\.title.count).max() ?? 0
        for scope in scopes {
            lines.append("  \(scope.title.padded(to: width))  \(scope.why)")
            for postback in scope.postbacks {
                lines.append("    \(postback.route): \(postback.state.text)\(place(postback))")
                guard postback.state == .filtered else { continue }
                // Of the rules the first that fails decides; a sample is only drawn when all conditions hold.
                lines += postback.rules.filter { !$0.holds }.map { "      \($0.text)" }
            }
        }
        return lines
    }

    private func place(_ postback: PostbackExplanation) -> String {
        let parts = [postback.tracker.map { "tracker \($0)" }, postback.line.map { "\(routesFile):\($0)" }]
            .compactMap { $0 }
        return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
    }
}

extension String {
    /// Filled up with blanks.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
