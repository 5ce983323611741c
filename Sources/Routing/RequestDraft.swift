import Documents

/// The parts of a postback beside its URL and its rules, while they are read. What depends on other fields is kept as it
/// is written until all are known.
struct RequestDraft {
    var settings = PostbackSettings()
    var headers: SourceNode.Entry?
    var body: SourceNode.Entry?
    var contentType: SourceNode.Entry?
    var success: SourceNode.Entry?
    var duplicate: SourceNode.Entry?
    var sign: SourceNode.Entry?
    var maxAge: SourceNode.Entry?
}
