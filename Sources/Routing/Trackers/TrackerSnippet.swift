/// A route that uses a tracker, as it can be pasted into a routes file.
enum TrackerSnippet {
    /// The whole document, with the tracker's examples.
    static func routes(for tracker: Tracker) -> String {
        var lines = ["publishers:", "  \"1001\":", "    global:", "      tracker: \(tracker.name)"]
        for input in tracker.inputs where input.isRequired {
            lines.append("      \(input.name): \(scalar(input.example))")
        }
        if !sendsStatus(tracker) { lines.append("      when: { statuses: [approved] }") }
        return lines.joined(separator: "\n")
    }

    /// Whether the tracker can tell an approved conversion from another; if not, only the approved ones should count.
    private static func sendsStatus(_ tracker: Tracker) -> Bool {
        let entered = tracker.inputs.map { $0.isRequired ? $0.example : nil }
        return TrackerPlan(tracker).parameters(entered).contains { parameter in
            parameter.need != .optional && parameter.value?.hasPrefix("{{status") == true
        }
    }

    /// Plain where YAML reads it as the text that it is.
    private static func scalar(_ text: String) -> String {
        let isPlain =
            text.utf8.first.map { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A } ?? false
            && text.utf8.allSatisfy { TokenName.isCharacter($0) || $0 == UInt8(ascii: "/") }
            && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
        return isPlain ? text : JSONText.quoted(text)
    }
}
