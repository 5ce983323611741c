import Conversion
import Documents

extension RouteReader {
    /// Reads `when`, `sample` or `payout_share`.
    mutating func readRule(_ field: SourceNode.Entry, _ rules: inout PostbackRules) {
        switch field.key {
        case "when": rules.when = readWhen(field)
        case "sample":
            guard let part = read(field, \.part) else { return }
            rules.sample = part >= DecimalAmount(1) ? nil : SampleRule(part: part)
        default:
            guard let part = read(field, \.part) else { return }
            rules.payoutShare = part >= DecimalAmount(1) ? nil : part
        }
    }

    private mutating func readWhen(_ field: SourceNode.Entry) -> MatchRule? {
        log.path.append(field.key)
        defer { log.path.removeLast() }
        guard case .mapping(let entries) = field.value.content else {
            log.error(
                at: field.value.position,
                "when must be a mapping of conditions, not \(field.value.kind)",
                hint: "such as { statuses: [approved], countries: [DE, AT] }"
            )
            return nil
        }
        var rule = MatchRule()
        for entry in entries {
            switch entry.key {
            case "types": rule.types = texts(entry, "a type").map { Array($0.text.utf8) }
            case "statuses":
                for item in texts(entry, "a status") { rule.statuses |= status(item, entry) }
            case "countries": rule.countries = texts(entry, "a country").compactMap { country($0, entry) }
            case "min_payout": rule.minPayout = read(entry, \.amount)
            case "max_payout": rule.maxPayout = read(entry, \.amount)
            default: refuse(entry, allowed: RouteKeys.when)
            }
        }
        if let least = rule.minPayout, let most = rule.maxPayout, least > most {
            log.error(
                at: field.value.position,
                "no payout is at least \(least) and at most \(most)",
                hint: "min_payout must not be above max_payout"
            )
        }
        if rule == MatchRule() {
            if entries.isEmpty {
                log.warning(at: field.value.position, "when holds no condition: every conversion matches")
            }
            return nil
        }
        return rule
    }

    /// The bit of a status; 0 after a fault.
    private mutating func status(_ item: (text: String, node: SourceNode), _ entry: SourceNode.Entry) -> UInt8 {
        if let status = ConversionStatus.allCases.first(where: { $0.name == item.text }) {
            return MatchRule.bit(of: status)
        }
        let names = ConversionStatus.allCases.map(\.name)
        let near = Suggestion.closest(to: item.text, among: names)
        log.path.append(entry.key)
        log.error(
            at: item.node.position,
            "there is no status \"\(item.text)\"",
            hint: near.map { "probably \($0)" } ?? "allowed: \(names.joined(separator: ", "))"
        )
        log.path.removeLast()
        return 0
    }

    /// In lower case; nil after a fault. Events have the two letters of ISO 3166-1.
    private mutating func country(_ item: (text: String, node: SourceNode), _ entry: SourceNode.Entry) -> [UInt8]? {
        let code = LetterCase.lower(Array(item.text.utf8))
        log.path.append(entry.key)
        defer { log.path.removeLast() }
        guard code.count == 2, code.allSatisfy({ $0 >= 0x61 && $0 <= 0x7A }) else {
            log.error(
                at: item.node.position,
                "\"\(item.text)\" is not the code of a country",
                hint: "two letters (ISO 3166-1), such as DE or US"
            )
            return nil
        }
        if code.elementsEqual("uk".utf8) {
            log.warning(
                at: item.node.position,
                "\(item.text) is not the code of a country",
                hint: "the United Kingdom is GB"
            )
        }
        return code
    }

    /// One text or a list of them, none empty; nothing after a fault.
    mutating func texts(_ field: SourceNode.Entry, _ what: String) -> [(text: String, node: SourceNode)] {
        log.path.append(field.key)
        defer { log.path.removeLast() }
        let nodes: [SourceNode]
        switch field.value.content {
        case .sequence(let items): nodes = items
        case .scalar: nodes = [field.value]
        case .mapping, .null: nodes = []
        }
        if nodes.isEmpty {
            log.error(
                at: field.value.position,
                "\(field.key) must be \(what) or a list of them, not \(field.value.kind) without any",
                hint: "leave it out for no such condition"
            )
        }
        var result: [(text: String, node: SourceNode)] = []
        for node in nodes {
            if let text = node.text, !text.isEmpty {
                result.append((text, node))
            } else {
                log.error(at: node.position, "\(what) must be a text, not \(node.text == nil ? node.kind : "empty")")
            }
        }
        return result
    }
}
