import Documents

/// Collects what is wrong with a routes file while it is read, with the path to where the reader is.
struct FaultLog {
    let file: String
    /// So many warnings are kept: a file of a million routes can have one for each, and the worker shows the first alone.
    let mostWarnings: Int
    /// Every error, and the first warnings.
    private(set) var faults: [Fault] = []
    private(set) var errorCount = 0
    private(set) var warningCount = 0
    /// The way from the document to the value being read; a list's element is `[0]`.
    var path: [String] = []

    init(file: String, mostWarnings: Int = .max) {
        self.file = file
        self.mostWarnings = mostWarnings
    }

    /// The warnings that were counted and not kept.
    var omittedWarnings: Int { max(0, warningCount - mostWarnings) }

    mutating func error(at position: SourcePosition, _ message: String, hint: String? = nil) {
        error(at: position, path: pathText, message, hint: hint)
    }

    mutating func warning(
        at position: SourcePosition,
        _ message: @autoclosure () -> String,
        hint: @autoclosure () -> String? = nil
    ) {
        guard keepsNext(.warning) else { return }
        faults.append(Fault(.warning, file: file, position: position, path: pathText, message(), hint: hint()))
    }

    /// A fault in another place than where the reader is.
    mutating func error(at position: SourcePosition, path: String, _ message: String, hint: String? = nil) {
        guard keepsNext(.error) else { return }
        faults.append(Fault(file: file, position: position, path: path, message, hint: hint))
    }

    /// A warning about another place than where the reader is.
    mutating func warning(
        at position: SourcePosition,
        path: @autoclosure () -> String,
        _ message: @autoclosure () -> String,
        hint: @autoclosure () -> String? = nil
    ) {
        guard keepsNext(.warning) else { return }
        faults.append(Fault(.warning, file: file, position: position, path: path(), message(), hint: hint()))
    }

    /// Counts a fault; whether it is kept as well, so that texts are made only then.
    private mutating func keepsNext(_ severity: Fault.Severity) -> Bool {
        switch severity {
        case .error:
            errorCount += 1
            return true
        case .warning:
            warningCount += 1
            return warningCount <= mostWarnings
        }
    }

    /// Reports flaws of a text that stands in `node`; `shift` bytes of it stand in front of the part they count in.
    /// With a translation they count in what it made of the text.
    mutating func report(
        _ flaws: [TemplateFlaw],
        in node: SourceNode,
        shift: Int = 0,
        through translation: MacroTranslation? = nil
    ) {
        for flaw in flaws where keepsNext(flaw.severity) {
            var flaw = flaw
            flaw.offset = max(0, flaw.offset + shift)
            if let translation { flaw = translation.original(flaw) }
            let position = Self.position(of: flaw.offset, in: node)
            faults.append(
                Fault(flaw.severity, file: file, position: position, path: pathText, flaw.message, hint: flaw.hint)
            )
        }
    }

    var pathText: String {
        path.reduce(into: "") { text, part in
            if !text.isEmpty, !part.hasPrefix("[") { text += "." }
            text += part
        }
    }

    /// Exact for a scalar on one line without escapes; where a scalar begins, for every other.
    private static func position(of offset: Int, in node: SourceNode) -> SourcePosition {
        guard case .scalar(let text, let quoted) = node.content, !text.utf8.contains(0x0A) else { return node.position }
        if quoted, text.utf8.contains(where: { $0 == 0x22 || $0 == 0x27 || $0 == 0x5C || $0 < 0x20 }) {
            return node.position
        }
        let before = text.utf8.prefix(offset).count { $0 & 0xC0 != 0x80 }
        return SourcePosition(line: node.position.line, column: node.position.column + before + (quoted ? 1 : 0))
    }
}
