/// A token as it was written in a template: `{{ payout | default:"0" }}`.
struct TemplateToken: Sendable, Hashable {
    var name: String
    var source: TokenSource
    var filters: [TokenFilter] = []
    /// `raw`: not encoded; allowed only where nothing can be broken out of.
    var isRaw = false
}
