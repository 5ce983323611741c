package import Conversion

/// An immutable snapshot of the routes: which postbacks belong to a conversion, found in constant time however many
/// publishers there are. Safe to read from every thread; a reload makes a new one.
package final class RouteTable: Sendable {
    /// A table without publishers.
    package static let empty = RouteTable(RouteStore(RouteStoreDraft()))

    let store: RouteStore
    /// With the vocabulary that the routes were read with, for templates that come back in messages.
    let compiler: TemplateCompiler

    init(_ store: RouteStore, compiler: TemplateCompiler = TemplateCompiler(vocabulary: .standard)) {
        self.store = store
        self.compiler = compiler
    }

    /// How many origins the postbacks name, each counted once; `Postback.destinationIndex` is smaller.
    package var destinationCount: Int { store.destinations.count }

    /// Whether some postback names it.
    package func knows(_ destination: Destination) -> Bool { store.destinations.number(of: destination) != nil }

    /// How many postbacks can be sent: those that are neither switched off nor suppressed.
    package var postbackCount: Int { store.sendableCount }

    /// How many different URL, header and body templates there are; `Postback.targetNumber` is smaller.
    package var templateTotal: Int { store.templates.heads.count }

    /// How many publishers the routes name.
    package var publisherCount: Int { store.publishers.count }

    /// Replaces what is in `resolution` by the postbacks of `event`, or by the reason why there are none.
    package func resolve(_ event: borrowing ConversionEvent, into resolution: inout Resolution) {
        resolution.clear()
        let storage = event.storage
        guard let publisher = publisher(of: event, storage.span) else {
            resolution.noRouteReason = .unknownPublisher
            return
        }
        var switchedOff: RouteScope?
        if visit(.smartlink, of: publisher, event, storage.span, &switchedOff, &resolution) { return }
        if visit(.offer, of: publisher, event, storage.span, &switchedOff, &resolution) { return }
        if visit(.global, of: publisher, event, storage.span, &switchedOff, &resolution) { return }
        if resolution.postbacks.isEmpty {
            resolution.noRouteReason =
                if !resolution.skipped.isEmpty { .filtered } else if let switchedOff { .disabled(switchedOff) } else {
                    .noPostback
                }
        }
    }

    /// Takes what one scope has to send; true when no further scope may be asked.
    private func visit(
        _ kind: RouteScope,
        of publisher: Int,
        _ event: borrowing ConversionEvent,
        _ storage: borrowing Span<UInt8>,
        _ switchedOff: inout RouteScope?,
        _ resolution: inout Resolution
    ) -> Bool {
        guard let scope = scope(kind, of: publisher, event, storage), !scope.isAbsent else { return false }
        if scope.isSuppressed {
            // It stands alone in its scope; where its conditions do not hold it is as if it were not there.
            let rules = Int(store.records[Int(scope.first)].rules)
            if rules != 0, store.rules[rules].when?.refusal(event, storage) != nil { return false }
            resolution.suppressedBy = kind
            if resolution.postbacks.isEmpty { resolution.noRouteReason = .suppressed(kind) }
            return true
        }
        if scope.sendable == 0 {
            switchedOff = switchedOff ?? kind
            return false
        }
        // Whether the conditions of at least one hold; a sample is no condition.
        var matches = false
        for number in scope.first..<scope.first + UInt32(scope.sendable) {
            let postback = Postback(store: store, number: number)
            if let reason = refusal(of: number, event, storage, &resolution.scratch) {
                resolution.skipped.append((postback, reason))
                if !reason.isCondition { matches = true }
            } else {
                resolution.postbacks.append(postback)
                matches = true
            }
        }
        switch store.publishers[publisher].mode {
        case .override: break
        case .fallback: if !matches { return false }
        case .additive: return false
        }
        if resolution.postbacks.isEmpty { resolution.noRouteReason = .filtered }
        return true
    }

    /// Why the rules of a postback leave this conversion out; nil when they do not.
    private func refusal(
        of number: UInt32,
        _ event: borrowing ConversionEvent,
        _ storage: borrowing Span<UInt8>,
        _ scratch: inout [UInt8]
    ) -> SkipReason? {
        let rules = Int(store.records[Int(number)].rules)
        if rules == 0 { return nil }
        if let reason = store.rules[rules].when?.refusal(event, storage) { return reason }
        guard let sample = store.rules[rules].sample, let id = event.range(of: .id) else { return nil }
        scratch.removeAll(keepingCapacity: true)
        store.appendKey(of: Int(number), to: &scratch)
        return sample.includes(eventID: storage.extracting(id.indices), routeKey: scratch) ? nil : .sample
    }

    /// The postback a route key names, as a retry does; nil when the routes do not have it any more, or have it
    /// switched off or suppressed.
    package func postback(forKey key: [UInt8]) -> Postback? {
        guard let key = RouteKey(parsing: key),
            let publisher = store.publisherIDs.find(owner: RouteStore.anyOwner, key.publisher.span)
        else { return nil }
        let scope: RouteStore.Scope
        if key.scope == .global {
            scope = store.publishers[publisher].global
        } else {
            let owner = RouteStore.scopeOwner(publisher: publisher, key.scope)
            guard let number = store.scopeIDs.find(owner: owner, key.id.span) else { return nil }
            scope = store.scopes[number]
        }
        guard !scope.isSuppressed, let name = store.names.find(owner: 0, key.name.span) else { return nil }
        for number in scope.first..<scope.first + UInt32(scope.sendable)
        where store.records[Int(number)].name == UInt32(name) {
            return Postback(store: store, number: number)
        }
        return nil
    }

    func publisher(of event: borrowing ConversionEvent, _ storage: borrowing Span<UInt8>) -> Int? {
        guard let range = event.range(of: .publisherID) else { return nil }
        return store.publisherIDs.find(owner: RouteStore.anyOwner, storage.extracting(range.indices))
    }

    func scope(
        _ kind: RouteScope,
        of publisher: Int,
        _ event: borrowing ConversionEvent,
        _ storage: borrowing Span<UInt8>
    ) -> RouteStore.Scope? {
        if kind == .global { return store.publishers[publisher].global }
        guard let range = event.range(of: kind == .offer ? .offerID : .smartlinkID), range.count > 0 else { return nil }
        let owner = RouteStore.scopeOwner(publisher: publisher, kind)
        guard let number = store.scopeIDs.find(owner: owner, storage.extracting(range.indices)) else { return nil }
        return store.scopes[number]
    }
}
