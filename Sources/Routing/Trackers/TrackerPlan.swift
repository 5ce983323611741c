/// A tracker cut into pieces once, so that a million routes that name it cost little more than a million URLs.
final class TrackerPlan: Sendable {
    private struct Parameter: Sendable {
        var entry: TrackerParameter
        var name: TrackerText
        /// `<status>` written out; nil when only the publisher knows.
        var value: TrackerText?
    }

    let tracker: Tracker
    /// Those of the tracker, in their order.
    let inputs: [TrackerInput]
    /// What is taken where nothing is entered, by the number of the input.
    let usual: [String?]
    /// The keys that may stand beside `tracker`.
    let keys: [String]
    /// Whether some input is a secret.
    let hasSecrets: Bool
    /// Scheme, host and path in the pieces that are there or are left out as a whole, each with the slash before it.
    private let segments: [TrackerText]
    private let parameters: [Parameter]
    /// The query of a route that chooses no parameters; nil when it depends on what is entered.
    let usualQuery: String?

    init(_ tracker: Tracker) {
        let inputs = tracker.inputs
        self.tracker = tracker
        self.inputs = inputs
        usual = inputs.map { $0.isSecret ? $0.usual.map(SecretMarks.around) : $0.usual }
        keys = inputs.map(\.name) + [TrackerForm.parametersKey]
        segments = Self.segments(of: tracker.address).map { TrackerText($0, inputs) }
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

    /// An address cut at its slashes, but for those between segments in which nothing is entered.
    private static func segments(of address: String) -> [String] {
        var segments: [String] = []
        for (place, segment) in address.split(separator: "/", omittingEmptySubsequences: false).enumerated() {
            let text = place > 0 ? "/" + segment : String(segment)
            if let last = segments.last, !last.contains("<"), !segment.contains("<") {
                segments[segments.count - 1] = last + text
            } else {
                segments.append(text)
            }
        }
        return segments
    }

    /// The URL: scheme, host and path, in which a segment for which nothing was entered is left out, and the query.
    func url(_ entered: [String?], query: String) -> String {
        var url = ""
        url.reserveCapacity(Self.usualLength + query.utf8.count)
        for segment in segments { segment.append(to: &url, entered) }
        if !query.isEmpty {
            url += "?"
            url += query
        }
        return url
    }

    /// Bytes that nearly every scheme, host and path take.
    private static let usualLength = 80

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
