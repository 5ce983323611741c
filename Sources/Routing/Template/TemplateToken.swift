/// A token as it was written in a template: `{{ payout | default:"0" }}`.
struct TemplateToken: Sendable, Hashable {
    let name: String
    let source: TokenSource
    private(set) var filters: [TokenFilter] = []
    /// `raw`: not encoded; allowed only where nothing can be broken out of.
    var isRaw = false
    /// What the value is after the filters so far.
    private(set) var type: ValueType
    /// Whether it may stand in JSON without quotation marks, where it looks like a number or a boolean.
    private(set) var isBareInJSON: Bool

    init(name: String, source: TokenSource) {
        self.name = name
        self.source = source
        type = ValueType(source)
        isBareInJSON = source.isBareInJSON
    }

    /// Tokens of one name and equally many filters are mostly the same.
    func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(filters.count)
    }

    /// Puts a filter behind the others.
    mutating func add(_ filter: TokenFilter, becoming type: ValueType) {
        filters.append(filter)
        self.type = type
        switch filter {
        case .fallback, .lower, .upper: break
        case .digest, .hmacSHA256, .base64, .date, .truncate: isBareInJSON = false
        case .percent, .round, .unix, .map: isBareInJSON = true
        }
    }
}
