package import Conversion

/// One delivery of a conversion: what would be sent to one postback, and what would keep it from being sent.
package struct DeliveryExplanation: Sendable, Encodable {
    /// What would stop it before anything is sent.
    package struct Obstacle: Sendable, Encodable, Equatable {
        /// Of the dead letter (CONTRACT section 4): `missing_token`, `invalid_url`, `blocked_destination`, `expired`.
        package let reason: String
        package let text: String
    }

    /// The route key.
    package let route: String
    /// In the routes file; nil when it is not known.
    package let line: Int?
    package let tracker: String?
    /// `https://track.example.com`.
    package let destination: String
    package let settings: [SettingExplanation]
    /// Its rules and what of this event they look at. All hold for a delivery that the search chose.
    package let rules: [RuleCheck]
    /// nil when it cannot be made; then `obstacle` says why.
    package let request: RequestPreview?
    package let obstacle: Obstacle?
    /// Milliseconds that the first attempt waits; 0 for none.
    package let delay: Int64
    package let retry: RetryPlan

    package init(_ postback: Postback, _ event: ConversionEvent, _ context: ExplanationContext) {
        route = postback.key
        line = postback.line
        tracker = postback.tracker
        destination = postback.destination.origin
        delay = postback.delay ?? 0
        let age = event.occurredAt.map { context.render.now - $0 }
        let limit = postback.maxAge.flatMap { most in age.map { most - $0 - (postback.delay ?? 0) } }
        retry = context.retryPlan(postback.retry, limit)
        rules = postback.ruleChecks(event)
        settings = postback.settingExplanations(context, retry, rules)
        var obstacle: Obstacle?
        if let limit, limit < 0, let age, let most = postback.maxAge {
            let wait = delay > 0 ? " and waits \(DurationText.text(delay))" : ""
            obstacle = Obstacle(
                reason: "expired",
                text:
                    "the conversion is \(DurationText.text(age)) old\(wait), and max_age is \(DurationText.text(most))"
            )
        }
        do throws(RenderFault) {
            request = try postback.preview(event, context)
        } catch {
            request = nil
            let reason = if case .missingToken = error { "missing_token" } else { "invalid_url" }
            obstacle = obstacle ?? Obstacle(reason: reason, text: error.description)
        }
        // In the worker's order: age, then the request, then the address.
        if obstacle == nil, let refusal = context.refusal(postback.destination) {
            obstacle = Obstacle(reason: "blocked_destination", text: refusal)
        }
        self.obstacle = obstacle
    }
}
