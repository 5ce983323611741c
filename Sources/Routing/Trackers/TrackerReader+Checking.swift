import Documents

extension TrackerReader {
    /// Fills the tracker with its own examples, with every parameter that has a value, and reads the URL as a route's:
    /// what is wrong with an entry is told where the entry stands, not where somebody uses it.
    mutating func checkExample(of tracker: Tracker, at url: SourceNode.Entry, inputs: SourceNode.Entry?) {
        var fields: [SourceNode.Entry] = []
        for input in tracker.inputs {
            let entry = inputs?.value.entries?.first { $0.key == input.name }
            let position = entry?.value.position ?? url.value.position
            let node = SourceNode(.scalar(input.example, quoted: true), at: position)
            fields.append(SourceNode.Entry(key: input.name, keyPosition: position, value: node))
        }
        let wish = SourceNode(.scalar("true", quoted: false), at: url.value.position)
        let optional = tracker.parameters.filter { $0.need == .optional && $0.value != nil && $0.row == nil }
        let wishes = optional.map { SourceNode.Entry(key: $0.name, keyPosition: url.keyPosition, value: wish) }
        fields.append(
            SourceNode.Entry(
                key: TrackerForm.parametersKey,
                keyPosition: url.keyPosition,
                value: SourceNode(.mapping(wishes), at: url.value.position)
            )
        )
        var form = TrackerForm(TrackerPlan(tracker), routes.compiler)
        let before = routes.log.errorCount
        guard let example = form.url(fields, at: url.value.position, log: &routes.log) else { return }
        guard routes.log.errorCount == before else { return }
        routes.log.path.append(url.key)
        defer { routes.log.path.removeLast() }
        _ = routes.readURL(SourceNode(.scalar(example.text, quoted: true), at: url.value.position))
        let origin = example.text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).prefix(3)
        let end = origin.reduce(0) { $0 + $1.count + 1 }
        if example.secrets.contains(where: { $0.lowerBound < end }) {
            routes.log.error(
                at: url.value.position,
                "a secret may not stand in the scheme, host or port of a url",
                hint: "where a postback goes is shown in logs; leave secret out, or move it into the path"
            )
        }
    }

    /// The success and the duplicate rule, held to the rules of a route's.
    mutating func readAnswers(_ success: SourceNode.Entry?, _ duplicate: SourceNode.Entry?, into tracker: inout Tracker)
    {
        var request = RequestDraft()
        request.success = success
        request.duplicate = duplicate
        routes.readAnswers(&request, PostbackSource())
        tracker.success = success.map { TrackerAnswer($0.value) }
        tracker.duplicate = duplicate.map { TrackerAnswer($0.value) }
    }
}

extension TrackerAnswer {
    /// A rule as a configuration writes it; what is not a rule was reported already and is left out.
    fileprivate init(_ node: SourceNode) {
        let entries = node.entries ?? []
        func texts(_ key: String) -> [String] {
            guard let node = entries.first(where: { $0.key == key })?.value else { return [] }
            if case .sequence(let nodes) = node.content { return nodes.compactMap(\.text) }
            return node.text.map { [$0] } ?? []
        }
        self.init(status: texts("status"), bodyContains: texts("body_contains"), bodyLacks: texts("body_lacks"))
        let members = entries.first { $0.key == "json" }?.value.entries ?? []
        func member(_ key: String) -> String? { members.first { $0.key == key }?.value.text }
        if let pointer = member("pointer"), let value = member("equals") ?? member("differs") {
            json = Member(pointer: pointer, value: value, isNegated: member("differs") != nil)
        }
    }
}
