/// The routes as flat arrays: what a ``RouteTable`` and its ``Postback``s read, never changed after loading.
///
/// Numbers instead of objects, equal strings, templates, destinations and settings once: a million publishers fit.
final class RouteStore: Sendable {
    struct Publisher: Sendable {
        var mode: RouteMode
        var modeOrigin: ModeOrigin
        var global: Scope
    }

    enum ModeOrigin: UInt8, Sendable {
        case usual, routes, publisher
    }

    /// The postbacks of one scope: first those that send, then those switched off.
    struct Scope: Sendable {
        var first: UInt32 = 0
        var sendable: UInt16 = 0
        var total: UInt16 = 0
        var isSuppressed = false

        static let absent = Scope()
        var isAbsent: Bool { total == 0 }
    }

    struct Record: Sendable {
        var publisher: UInt32
        /// The number of the offer or smartlink scope; ``RouteStore/noNumber`` for global.
        var scope: UInt32
        var name: UInt32
        var destination: UInt32
        var target: TemplateNumber
        var settings: UInt32
        /// Index into ``RouteStore/rules``; 0 for none.
        var rules: UInt32
        /// Of the routes file; 0 when it is not known.
        var line: UInt32
    }

    static let noNumber = UInt32.max
    /// The owner of publisher ids in ``publisherIDs``.
    static let anyOwner: UInt32 = 0

    let publisherIDs: KeyIndex
    let publishers: [Publisher]
    /// Offer and smartlink ids; the owner is ``scopeOwner(publisher:_:)``.
    let scopeIDs: KeyIndex
    let scopes: [Scope]
    let records: [Record]
    let names: KeyIndex
    let destinations: DestinationIndex
    let settings: [PostbackSettings]
    let rules: [PostbackRules]
    let templates: TemplatePool
    /// How many postbacks can be sent.
    let sendableCount: Int

    init(_ draft: consuming RouteStoreDraft) {
        draft.templates.freeze()
        publisherIDs = draft.publisherIDs
        publishers = draft.publishers
        scopeIDs = draft.scopeIDs
        scopes = draft.scopes
        records = draft.records
        names = draft.names
        destinations = draft.destinations
        settings = draft.settings
        rules = draft.rules
        templates = draft.templates
        sendableCount = draft.sendableCount
    }

    static func scopeOwner(publisher: Int, _ scope: RouteScope) -> UInt32 {
        UInt32(truncatingIfNeeded: publisher) << 1 | (scope == .smartlink ? 1 : 0)
    }

    func scope(of record: Record) -> RouteScope {
        if record.scope == Self.noNumber { return .global }
        return scopeIDs.owner(of: Int(record.scope)) & 1 == 1 ? .smartlink : .offer
    }
}
