import Documents

/// Something wrong inside one text of the routes file, before it is known where that text stands.
struct TemplateFlaw: Error, Sendable, Equatable {
    var severity = Fault.Severity.error
    /// Bytes from the start of the text.
    var offset: Int
    var message: String
    var hint: String?

    init(_ severity: Fault.Severity = .error, at offset: Int, _ message: String, hint: String? = nil) {
        self.severity = severity
        self.offset = offset
        self.message = message
        self.hint = hint
    }
}
