import Documents

/// What a postback says beside its URL. Most publishers say nothing, so equal settings are stored once.
struct PostbackSettings: Sendable, Hashable {
    struct Header: Sendable, Hashable {
        var name: [UInt8]
        var value: TemplateNumber
        /// The whole line, when no token stands in the value.
        var constantLine: [UInt8]?
    }

    var method = Method.get
    /// nil: the worker's own time-out.
    var timeout: Milliseconds?
    var contentType: String?
    var body: TemplateNumber?
    var headers: [Header] = []
    var delay: Milliseconds?
    var maxAge: Milliseconds?
    var retry: RetryOverrides?
    /// How many are followed, 0 to 10.
    var redirects = 0
    var usesHTTP2 = false
    var answers: AnswerRules?
    var signature: Signature?
    var origin = PostbackOrigin()
}
