import Conversion

/// `success` or `duplicate`: what an answer must look like. All parts that are given must hold.
struct AnswerRule: Sendable, Hashable {
    enum Verdict: Equatable {
        case holds
        /// What is missing, to go on with after "the answer".
        case fails(String)
        /// The body was cut off where the rule would have to look on.
        case unknown(String)
    }

    var statuses = StatusRanges()
    /// One of them must be in the body; empty for no such condition. Case counts.
    var contains: [[UInt8]] = []
    /// None of them may be in the body.
    var lacks: [[UInt8]] = []
    var json: JSONCondition?

    var needsBody: Bool { !contains.isEmpty || !lacks.isEmpty || json != nil }

    /// Whether all holds but the status.
    func judgeBody(_ body: [UInt8], isComplete: Bool) -> Verdict {
        if let found = lacks.first(where: { Self.isIn(body, $0) }) {
            return .fails("holds \(Self.quoted(found)), which body_lacks forbids")
        }
        if !contains.isEmpty, !contains.contains(where: { Self.isIn(body, $0) }) {
            let words = contains.map(Self.quoted).joined(separator: " or ")
            return isComplete
                ? .fails("does not hold \(words), which body_contains asks for")
                : .unknown("does not hold \(words) in the part that was read")
        }
        if let json {
            let verdict = judge(json, body, isComplete: isComplete)
            if verdict != .holds { return verdict }
        }
        if !isComplete, !lacks.isEmpty {
            return .unknown("is longer than what was read, and body_lacks asks for all of it")
        }
        return .holds
    }

    private func judge(_ json: JSONCondition, _ body: [UInt8], isComplete: Bool) -> Verdict {
        let place = json.pointer.tokens.isEmpty ? "the whole body" : "\(json.pointer)"
        let found = JSONLookup.find(json.pointer, in: body)
        if json.isNegated {
            switch found {
            case .scalar(let value) where value == json.value:
                return .fails("has \(Self.quoted(value)) at \(place), which success forbids")
            case .malformed where !isComplete: return .unknown("was cut off before \(place)")
            case .scalar, .container, .absent, .malformed: return .holds
            }
        }
        switch found {
        case .scalar(let value) where value == json.value: return .holds
        case .scalar(let value):
            return .fails("has \(Self.quoted(value)) at \(place), not \(Self.quoted(json.value))")
        case .container: return .fails("has an object or a list at \(place), not \(Self.quoted(json.value))")
        case .absent: return .fails("has no value at \(place)")
        case .malformed: return isComplete ? .fails("is not JSON") : .unknown("was cut off before \(place)")
        }
    }

    /// In quotation marks that do not stand in the text: single ones where it holds double ones.
    static func inMarks(_ text: String) -> String {
        text.contains("\"") ? "'\(text)'" : "\"\(text)\""
    }

    private static func quoted(_ bytes: [UInt8]) -> String {
        Self.inMarks(BodyExcerpt.text(bytes, limit: 60))
    }

    /// Whether `text` holds `word`, which is not empty.
    private static func isIn(_ text: [UInt8], _ word: [UInt8]) -> Bool {
        guard let first = word.first, word.count <= text.count else { return false }
        let (text, word) = (text.span, word.span)
        var position = 0
        search: while position <= text.count - word.count {
            defer { position += 1 }
            guard text[position] == first else { continue }
            for index in 1..<max(1, word.count) where text[position + index] != word[index] { continue search }
            return true
        }
        return false
    }
}
