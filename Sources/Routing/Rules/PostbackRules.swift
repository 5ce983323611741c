import Conversion

/// What a postback says about the conversions it is for. Most say nothing, so equal rules are stored once.
struct PostbackRules: Sendable, Hashable {
    var when: MatchRule?
    /// nil for every conversion.
    var sample: SampleRule?
    /// What part of the payout `{{payout}}` is; nil for all of it.
    var payoutShare: DecimalAmount?
}
