import Conversion

extension Tracker {
    /// All about it, for a publisher to read; ends without a line break.
    package var sheet: String {
        var parts = ["\(title) (tracker: \(name))\n\n  \(pattern(writtenOut: false))"]
        parts.append("What to enter\n" + inputTable)
        if !parameters.isEmpty { parts.append("Parameters\n" + parameterTable) }
        if !statuses.isEmpty {
            parts.append("Its words for a status, sent for <status>\n" + statusTable)
        } else if parameters.contains(where: { $0.value == TrackerParameter.status }) {
            parts.append("Sent for <status>\n  the conversion's own: \(ConversionStatus.names)")
        }
        parts.append("Its answer\n" + answers)
        if !notes.isEmpty { parts.append("Notes\n" + notes.map { "  - \($0)" }.joined(separator: "\n")) }
        parts.append("Verified: \(isVerified ? "yes" : "no, its address does not stand on a page of its maker")")
        if !sources.isEmpty { parts.append("Sources\n" + sources.map { "  \($0)" }.joined(separator: "\n")) }
        let lines = TrackerSnippet.routes(for: self).split(separator: "\n").map { "  \($0)" }
        parts.append("In the routes file\n" + lines.joined(separator: "\n"))
        return parts.joined(separator: "\n\n")
    }

    /// What to enter, in a few words: optional inputs in brackets.
    var inputSummary: String {
        if inputs.isEmpty { return "nothing" }
        return inputs.map { $0.isRequired ? $0.name : "[\($0.name)]" }.joined(separator: " ")
    }

    private var inputTable: String {
        if inputs.isEmpty { return "  nothing: its address is the same for everybody" }
        return TextTable.lines(
            inputs.map { input in
                let usual = input.usual.map { "; \($0) when it is left out" } ?? ""
                let need = input.isRequired ? "required" : "optional"
                let kept = input.isSecret ? "; kept secret" : ""
                return [input.name, need, "\(input.meaning), such as \(input.example)\(usual)\(kept)"]
            }
        )
    }

    private var parameterTable: String {
        TextTable.lines(
            parameters.map { [$0.name, $0.need.rawValue, $0.value ?? "-", $0.meaning] }
        )
    }

    private var statusTable: String {
        TextTable.lines(
            ConversionStatus.allCases.compactMap { status in statuses[status].map { [status.name, $0] } }
        )
    }

    private var answers: String {
        let rest = success?.status.isEmpty == false ? "" : "a 2xx"
        let rule = success.map { rest.isEmpty ? $0.description : "\(rest), and \($0.description)" } ?? rest
        return TextTable.lines([
            ["success", rule], ["duplicate", duplicate?.description ?? "not known by its answer"],
        ])
    }
}

extension ConversionStatus {
    fileprivate static var names: String {
        allCases.map(\.name).joined(separator: ", ")
    }
}
