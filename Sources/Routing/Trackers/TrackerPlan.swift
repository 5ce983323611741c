/// A tracker cut into pieces once, so that a million routes that name it cost little more than a million URLs.
struct TrackerPlan: Sendable {
    private struct Parameter: Sendable {
        var entry: TrackerParameter
        var name: TrackerText
        /// `<status>` written out; nil when only the publisher knows.
        var value: TrackerText?
    }

    /// The keys that may stand beside `tracker`.
    let keys: [String]
    /// Whether some input is a secret.
    let hasSecrets: Bool
    private let segments: [TrackerText]
    private let parameters: [Parameter]
    /// The query of a route that chooses no parameters; nil when it depends on what is entered.
    let usualQuery: String?

    init(_ tracker: Tracker) {
        let inputs = tracker.inputs
        keys = inputs.map(\.name) + [TrackerForm.parametersKey]
        segments = tracker.address.split(separator: "/", omittingEmptySubsequences: false)
            .map { TrackerText(String($0), inputs) }
        let secrets = inputs.filter(\.isSecret).map { "<\($0.name)>" }
        hasSecrets = !secrets.isEmpty
        parameters = tracker.parameters.map { parameter in
            var entry = parameter
            entry.isSecret = secrets.contains { parameter.value?.contains($0) == true }
            return Parameter(
                entry: entry,
                name: TrackerText(parameter.name, inputs),
                value: parameter.value.map { TrackerText(tracker.text($0), inputs) }
            )
        }
        let sent = parameters.filter { $0.entry.need != .optional && $0.value != nil }
        let pairs = sent.compactMap { parameter in
            parameter.name.constant.flatMap { name in parameter.value?.constant.map { "\(name)=\($0)" } }
        }
        usualQuery = pairs.count == sent.count ? pairs.joined(separator: "&") : nil
    }

    /// Scheme, host and path; a segment for which nothing was entered is left out.
    func address(_ entered: [String?]) -> String {
        var address = ""
        for (place, segment) in segments.enumerated() {
            guard let text = segment.filled(entered) else { continue }
            if place > 0 { address += "/" }
            address += text
        }
        return address
    }

    /// The parameters whose names are known now, in the order in which they are sent; without a value where something
    /// in it was not entered.
    func parameters(_ entered: [String?]) -> [TrackerParameter] {
        parameters.compactMap { parameter in
            guard let name = parameter.name.filled(entered) else { return nil }
            var result = parameter.entry
            result.name = name
            result.value = parameter.value.flatMap { $0.filled(entered) }
            return result
        }
    }
}
