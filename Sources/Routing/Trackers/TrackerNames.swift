/// A tracker with what the publisher entered put in the place of each `<name>`.
struct TrackerNames {
    let tracker: Tracker
    private let entered: [String: String]

    init(_ tracker: Tracker, _ entered: [String: String]) {
        self.tracker = tracker
        self.entered = entered
    }

    /// Scheme, host and path; a segment for which nothing was entered is left out.
    var address: String {
        tracker.address.split(separator: "/", omittingEmptySubsequences: false)
            .compactMap { $0.isEmpty ? "" : filled(String($0)) }
            .joined(separator: "/")
    }

    /// The parameters whose names are known now, in the order in which they are sent; without a value where something
    /// in it was not entered.
    var parameters: [TrackerParameter] {
        tracker.parameters.compactMap { parameter in
            guard let name = filled(parameter.name) else { return nil }
            var result = parameter
            result.name = name
            result.value = parameter.value.flatMap { filled(tracker.text($0)) }
            return result
        }
    }

    /// nil when something that stands in `pattern` was not entered.
    private func filled(_ pattern: String) -> String? {
        guard pattern.utf8.contains(UInt8(ascii: "<")) else { return pattern }
        var result = ""
        var rest = pattern[...]
        while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
            guard let value = entered[String(rest[rest.index(after: open)..<close])] else { return nil }
            result += rest[..<open] + value
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }
}
