import Documents

/// The value of one query parameter, as a publisher or a tracker's entry gives it: text with tokens.
enum TrackerValue {
    /// False after a fault. A value is one value: it may not bring another parameter along.
    static func isGood(
        _ text: String,
        of parameter: String,
        in node: SourceNode,
        _ compiler: TemplateCompiler,
        _ log: inout FaultLog
    ) -> Bool {
        if text.isEmpty {
            log.error(at: node.position, "the value is empty", hint: "false leaves the parameter out")
            return false
        }
        // A plain word is nothing but itself, unless it is a tracker's place-holder.
        if text.utf8.count <= 200, text.utf8.allSatisfy(URICharacters.isUnreserved), text.uppercased() != text {
            return true
        }
        let front = "/?\(parameter)="
        let shift = -front.utf8.count
        switch compiler.compile(Array((front + text).utf8), as: .target) {
        case .failure(let refusal):
            log.report(refusal.flaws.filter { $0.severity == .error }, in: node, shift: shift)
            return false
        case .success(let template):
            for case .literal(let range) in template.segments {
                guard let place = range.first(where: { template.text[$0] == UInt8(ascii: "&") }) else { continue }
                let flaw = TemplateFlaw(
                    at: place,
                    "a value may not hold \"&\": what follows would be another parameter",
                    hint: "write %26 if it is meant, or give the other parameter a line of its own"
                )
                log.report([flaw], in: node, shift: shift)
                return false
            }
            return true
        }
    }
}
