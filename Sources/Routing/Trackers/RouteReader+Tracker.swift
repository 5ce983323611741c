import Documents

extension RouteReader {
    /// What a tracker and the publisher's entries make of a postback.
    struct TrackerDraft {
        /// The URL, standing where the tracker's name stands.
        var url: SourceNode
        /// Which bytes of it are secret.
        var secrets: [Range<Int>]
        /// Rules that hold unless the route has its own.
        var success: SourceNode?
        var duplicate: SourceNode?
    }

    /// The tracker that `field` names; nil after a fault.
    mutating func tracker(_ field: SourceNode.Entry) -> TrackerPlan? {
        log.path.append(field.key)
        defer { log.path.removeLast() }
        guard let name = field.value.text, !name.isEmpty else {
            log.error(
                at: field.value.position,
                "the tracker must be a name, not \(field.value.text == nil ? field.value.kind : "empty")",
                hint: "such as voluum; `postback trackers` lists them"
            )
            return nil
        }
        if trackers.faulty.contains(name.lowercased()) { return nil }
        guard let plan = trackers.plan(named: name) else {
            log.error(at: field.value.position, "there is no tracker \"\(name)\"", hint: trackers.hint(for: name))
            return nil
        }
        if !plan.tracker.isVerified {
            log.warning(
                at: field.value.position,
                "\(plan.tracker.title) is unverified: its URL could not be read from a page of its maker",
                hint: "compare it with the postback URL that your account shows"
            )
        }
        return plan
    }

    /// The tracker's URL, filled with the entries of `node` that belong to it; nil after a fault.
    mutating func readTracker(
        _ plan: TrackerPlan,
        _ field: SourceNode.Entry,
        _ entries: [SourceNode.Entry]
    ) -> TrackerDraft? {
        var form = TrackerForm(plan, compiler)
        let position = field.value.position
        guard let url = form.url(entries, at: position, log: &log) else { return nil }
        return TrackerDraft(
            url: SourceNode(.scalar(url.text, quoted: true), at: position),
            secrets: url.secrets,
            success: plan.tracker.success?.node(at: position),
            duplicate: plan.tracker.duplicate?.node(at: position)
        )
    }

    /// Takes out, and refuses, what neither a postback nor this tracker knows.
    mutating func refuseUnknown(_ fields: inout [SourceNode.Entry], beside plan: TrackerPlan) {
        let keys = plan.keys
        for field in fields where !RouteKeys.postback.contains(field.key) {
            let closest = Suggestion.closest(to: field.key, among: keys + RouteKeys.beside)
            let isParameter = plan.tracker.parameters.contains { $0.covers(field.key) }
            log.path.append(field.key)
            log.error(
                at: field.keyPosition,
                "\(plan.tracker.title) takes no \"\(field.key)\"",
                hint: isParameter
                    ? "write it under parameters: { \(field.key): ... }"
                    : closest.map { "probably \($0)" } ?? "it takes \(keys.joined(separator: ", "))"
            )
            log.path.removeLast()
        }
        fields.removeAll { !RouteKeys.postback.contains($0.key) }
    }
}
