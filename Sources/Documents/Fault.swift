/// Something wrong in a file a person wrote: where, what, what is allowed, what was probably meant.
package struct Fault: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Severity: String, Sendable {
        case error
        case warning
    }

    package var severity: Severity
    package var file: String
    package var position: SourcePosition?
    /// Where in the document, for example `publishers.1001.offers.5512.url`; empty for the whole document.
    package var path: String
    package var message: String
    /// What to do about it, if that can be told.
    package var hint: String?

    package init(
        _ severity: Severity = .error,
        file: String,
        position: SourcePosition? = nil,
        path: String = "",
        _ message: String,
        hint: String? = nil
    ) {
        self.severity = severity
        self.file = file
        self.position = position
        self.path = path
        self.message = message
        self.hint = hint
    }

    /// Compiler style: `routes.yaml:12:9: error: publishers.1001.global.url: ... (hint)`.
    package var description: String {
        var text = file
        if let position { text += ":\(position.line):\(position.column)" }
        text += ": \(severity.rawValue): "
        if !path.isEmpty { text += "\(path): " }
        text += message
        if let hint { text += " (\(hint))" }
        return text
    }
}

/// A file that was refused, with every fault found in it, in the order of the lines.
package struct FaultyDocument: Error, Sendable, CustomStringConvertible {
    package let faults: [Fault]

    package init(_ faults: [Fault]) {
        self.faults = faults.sorted {
            ($0.position ?? SourcePosition(line: 0, column: 0)) < ($1.position ?? SourcePosition(line: 0, column: 0))
        }
    }

    package var description: String {
        faults.map(\.description).joined(separator: "\n")
    }
}
