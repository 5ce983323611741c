import Conversion
import Documents

extension RouteReader {
    /// Reads `success` and `duplicate`, or takes what the tracker brings.
    mutating func readAnswers(_ request: inout RequestDraft, _ source: PostbackSource) {
        if request.success == nil, request.duplicate == nil, source.success == nil, source.duplicate == nil { return }
        let success = answerRule(request.success, source.success, "success")
        let duplicate = answerRule(request.duplicate, source.duplicate, "duplicate")
        if success == nil, duplicate == nil { return }
        request.settings.answers = AnswerRules(success: success, duplicate: duplicate)
    }

    private mutating func answerRule(
        _ field: SourceNode.Entry?,
        _ usual: SourceNode?,
        _ key: String
    ) -> AnswerRule? {
        log.path.append(key)
        defer { log.path.removeLast() }
        guard let node = field?.value ?? usual else { return nil }
        guard case .mapping(let entries) = node.content, !entries.isEmpty else {
            log.error(
                at: node.position,
                "\(key) must be a mapping with at least one of \(RouteKeys.answer.joined(separator: ", "))",
                hint: "such as { body_contains: \"OK\" }"
            )
            return nil
        }
        var rule = AnswerRule()
        for entry in entries {
            switch entry.key {
            case "status":
                rule.statuses.ranges = texts(entry, "a status").compactMap { statusRange($0, entry, of: key) }
            case "body_contains": rule.contains = texts(entry, "a text").map { Array($0.text.utf8) }
            case "body_lacks": rule.lacks = texts(entry, "a text").map { Array($0.text.utf8) }
            case "json": rule.json = readJSON(entry)
            default: refuse(entry, allowed: RouteKeys.answer)
            }
        }
        return rule
    }

    private mutating func statusRange(
        _ item: (text: String, node: SourceNode),
        _ entry: SourceNode.Entry,
        of key: String
    ) -> ClosedRange<Int>? {
        if let range = StatusRanges.range(item.text) {
            if key == "duplicate" || (range.lowerBound >= 200 && range.upperBound <= 299) { return range }
            log.path.append(entry.key)
            log.error(
                at: item.node.position,
                "success cannot be the status \(item.text): only a 2xx is success",
                hint: "statuses from 200 to 299; that the receiver has it already, whatever the status, says duplicate"
            )
            log.path.removeLast()
            return nil
        }
        log.path.append(entry.key)
        log.error(
            at: item.node.position,
            "\"\(item.text)\" is not an HTTP status",
            hint: "a number from 100 to 599, a range such as 200-299, or a class such as 2xx"
        )
        log.path.removeLast()
        return nil
    }

    private mutating func readJSON(_ field: SourceNode.Entry) -> JSONCondition? {
        log.path.append(field.key)
        defer { log.path.removeLast() }
        var pointer: JSONPointer?
        var values: [(text: String, isNegated: Bool)] = []
        var isFaulty = false
        for entry in field.value.entries ?? [] {
            switch entry.key {
            case "pointer":
                pointer = read(entry) { $0.pointer }
                isFaulty = isFaulty || pointer == nil
            case "equals", "differs":
                if let text = read(entry, { $0.text }) {
                    values.append((text, entry.key == "differs"))
                } else {
                    isFaulty = true
                }
            default:
                refuse(entry, allowed: RouteKeys.json)
                isFaulty = true
            }
        }
        if let pointer, values.count == 1, let value = values.first {
            return JSONCondition(pointer: pointer, value: Array(value.text.utf8), isNegated: value.isNegated)
        }
        if !isFaulty {
            log.error(
                at: field.value.position,
                values.count > 1
                    ? "json has either equals or differs"
                    : "json needs a pointer and what must, or must not, stand there",
                hint: "{ pointer: /status, equals: ok } or { pointer: /status, differs: error }"
            )
        }
        return nil
    }
}

extension PostbackScalar {
    /// A JSON Pointer (RFC 6901).
    fileprivate var pointer: Result<JSONPointer, Flaw> {
        text.flatMap { text in
            do throws(JSONPointer.Invalid) {
                return .success(try JSONPointer(parsing: text))
            } catch {
                return .failure(Flaw(message: "\"\(text)\" is not a JSON Pointer: \(error.reason)"))
            }
        }
    }
}
