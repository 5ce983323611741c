import Documents

/// The parts of a postback's request beside its URL, while they are read.
struct RequestDraft {
    var settings = PostbackSettings()
    var headers: SourceNode.Entry?
    var body: SourceNode.Entry?
    var contentType: SourceNode.Entry?
}
