import Conversion

/// Goes over the scopes of a publisher once more after `resolve`, and puts into words what happened there.
struct RouteSearch {
    let store: RouteStore
    let event: ConversionEvent
    let resolution: Resolution
    var mode = RouteMode.override
    private(set) var scopes: [ScopeExplanation] = []
    /// The title of the scope where the search ended, and how it did.
    private var end: (title: String, isSuppressed: Bool)?

    init(store: RouteStore, event: ConversionEvent, resolution: Resolution) {
        self.store = store
        self.event = event
        self.resolution = resolution
    }

    /// The next scope; nil when the publisher has none for this event.
    mutating func visit(_ kind: RouteScope, _ scope: RouteStore.Scope?) {
        let id: String? =
            switch kind {
            case .smartlink: event.text(.smartlinkID)
            case .offer: event.text(.offerID)
            case .global: nil
            }
        guard let scope, !scope.isAbsent else {
            add(absent(kind, id))
            return
        }
        let isAsked = end == nil
        let postbacks = (scope.first..<scope.first + UInt32(scope.total)).map { number in
            explain(
                Postback(store: store, number: number),
                isSendable: number < scope.first + UInt32(scope.sendable),
                scope
            )
        }
        let (state, why) = isAsked ? asked(scope, postbacks) : (.notAsked, notAsked)
        let explanation = ScopeExplanation(scope: kind, id: id, state: state, why: why, postbacks: postbacks)
        if isAsked, ends(scope, postbacks) { end = (explanation.title, scope.isSuppressed) }
        add(explanation)
    }

    private mutating func add(_ explanation: ScopeExplanation) { scopes.append(explanation) }

    private func absent(_ kind: RouteScope, _ id: String?) -> ScopeExplanation {
        if kind == .global {
            return ScopeExplanation(
                scope: kind,
                id: nil,
                state: .absent,
                why: "the publisher has no global postback",
                postbacks: []
            )
        }
        guard let id, !id.isEmpty else {
            let why = "the event names no \(kind.rawValue)"
            return ScopeExplanation(scope: kind, id: nil, state: .notInEvent, why: why, postbacks: [])
        }
        let why = "the publisher has set nothing for this \(kind.rawValue)"
        return ScopeExplanation(scope: kind, id: id, state: .absent, why: why, postbacks: [])
    }

    private func explain(_ postback: Postback, isSendable: Bool, _ scope: RouteStore.Scope) -> PostbackExplanation {
        var state = PostbackExplanation.State.notAsked
        var reason: String?
        if !isSendable {
            state = scope.isSuppressed ? .suppressed : .disabled
            // The one whose conditions do not hold suppresses nothing.
            if scope.isSuppressed, let skip = postback.skipReason(for: event) {
                state = .filtered
                reason = skip.code
            }
        } else if resolution.postbacks.contains(postback) {
            state = .chosen
        } else if let skip = resolution.skipped.first(where: { $0.postback == postback }) {
            state = .filtered
            reason = skip.reason.code
        }
        return PostbackExplanation(
            route: postback.key,
            line: postback.line,
            tracker: postback.tracker,
            state: state,
            reason: reason,
            rules: postback.ruleChecks(event)
        )
    }

    /// What the search made of a scope that it asked.
    private func asked(
        _ scope: RouteStore.Scope,
        _ postbacks: [PostbackExplanation]
    ) -> (ScopeExplanation.State, String) {
        if scope.isSuppressed, !suppresses(postbacks) {
            return (.filtered, "suppress: true, but its when does not match: as if it were not there")
        }
        if scope.isSuppressed {
            let before = resolution.postbacks.isEmpty ? "nothing is sent" : "nothing more is sent"
            return (.suppressed, "suppress: true ends the search here, and \(before)")
        }
        if scope.sendable == 0 { return (.disabled, "switched off (enabled: false): as if it were not there") }
        let isChosen = postbacks.contains { $0.state == .chosen }
        switch mode {
        case .override where isChosen: return (.chosen, "wins: the most specific one that is set and switched on")
        case .override:
            return (.filtered, "its rules leave this conversion out, and the mode override asks no further scope")
        case .fallback where isChosen: return (.chosen, "wins: the most specific one whose conditions hold")
        case .fallback where postbacks.contains { $0.reason == SkipReason.sample.code }:
            return (.filtered, "sample leaves this conversion out; only when lets the mode fallback ask further")
        case .fallback: return (.filtered, "when does not match: the mode fallback asks the next scope")
        case .additive where isChosen: return (.chosen, "sends: the mode additive asks every scope")
        case .additive: return (.filtered, "its rules leave this conversion out")
        }
    }

    /// As in `RouteTable.resolve`.
    private func ends(_ scope: RouteStore.Scope, _ postbacks: [PostbackExplanation]) -> Bool {
        if scope.isSuppressed { return suppresses(postbacks) }
        if scope.sendable == 0 { return false }
        switch mode {
        case .override: return true
        case .fallback: return postbacks.contains { $0.state == .chosen || $0.reason == SkipReason.sample.code }
        case .additive: return false
        }
    }

    private func suppresses(_ postbacks: [PostbackExplanation]) -> Bool {
        postbacks.contains { $0.state == .suppressed }
    }

    private var notAsked: String {
        guard let end else { return "not asked" }
        if end.isSuppressed { return "not asked: \(end.title) is set to send nothing" }
        return "not asked: the search ended at \(end.title) (mode \(mode.rawValue))"
    }
}
