import Documents

extension RouteReader {
    /// The most postbacks in one scope.
    private static let longestList = 100

    /// One postback, or a list of them with different names.
    mutating func readScope(_ node: SourceNode) -> [RouteStoreDraft.Entry] {
        switch node.content {
        case .mapping: return readPostback(node).map { [$0] } ?? []
        case .sequence(let elements): return readList(elements, at: node.position)
        case .null:
            log.error(
                at: node.position,
                "a postback is missing here",
                hint: "give it a url, or suppress: true to send nothing"
            )
        case .scalar:
            log.error(
                at: node.position,
                "a postback must be a mapping or a list of mappings, not a value",
                hint: "such as { url: \"https://...\" }"
            )
        }
        return []
    }

    private mutating func readList(_ elements: [SourceNode], at position: SourcePosition) -> [RouteStoreDraft.Entry] {
        if elements.isEmpty {
            log.error(at: position, "the list of postbacks is empty", hint: "to send nothing write { suppress: true }")
        }
        if elements.count > Self.longestList {
            log.error(at: position, "\(elements.count) postbacks in one place; at most \(Self.longestList) are allowed")
            return []
        }
        var entries: [RouteStoreDraft.Entry] = []
        for (index, element) in elements.enumerated() {
            log.path.append("[\(index)]")
            defer { log.path.removeLast() }
            guard case .mapping = element.content else {
                log.error(at: element.position, "a postback must be a mapping, not \(element.kind)")
                continue
            }
            guard let entry = readPostback(element) else { continue }
            if entries.contains(where: { $0.name == entry.name }) {
                log.error(
                    at: element.position,
                    "a second postback is named \"\(entry.name)\"",
                    hint: "give each postback of a list a name of its own"
                )
            }
            if entry.isSuppressed, elements.count > 1 {
                log.error(
                    at: element.position,
                    "suppress: true is meant for the whole scope and must stand alone",
                    hint: "to switch one postback of a list off write enabled: false"
                )
            }
            entries.append(entry)
        }
        return entries
    }
}
