/// A ``RouteStore`` while it is being filled.
struct RouteStoreDraft {
    /// One postback as it was read.
    struct Entry {
        var name: String
        var isEnabled: Bool
        var isSuppressed: Bool
        /// nil when it has no URL, which only a switched-off or suppressing entry may lack.
        var address: (destination: UInt32, target: TemplateNumber)?
        var settings: UInt32
        var rules: UInt32 = 0
        /// The line of the routes file where it begins; 0 for none.
        var line: UInt32 = 0

        var isSendable: Bool { isEnabled && !isSuppressed && address != nil }
    }

    var publisherIDs = KeyIndex()
    var publishers: [RouteStore.Publisher] = []
    var scopeIDs = KeyIndex()
    var scopes: [RouteStore.Scope] = []
    var records: [RouteStore.Record] = []
    var names = KeyIndex()
    private(set) var destinations = DestinationIndex()
    private(set) var settings: [PostbackSettings] = [PostbackSettings()]
    private(set) var rules: [PostbackRules] = [PostbackRules()]
    var templates = TemplatePool()
    private(set) var sendableCount = 0

    private var settingsNumbers: [PostbackSettings: UInt32] = [PostbackSettings(): 0]
    private var lastSettings: (value: PostbackSettings, number: UInt32) = (PostbackSettings(), 0)
    private var rulesNumbers: [PostbackRules: UInt32] = [PostbackRules(): 0]

    /// nil when the publisher is there already.
    mutating func addPublisher(_ id: String, mode: RouteMode, from origin: RouteStore.ModeOrigin = .usual) -> Int? {
        let added = publisherIDs.insert(owner: RouteStore.anyOwner, Array(id.utf8).span)
        guard added.isNew else { return nil }
        publishers.append(RouteStore.Publisher(mode: mode, modeOrigin: origin, global: .absent))
        return added.number
    }

    mutating func setGlobal(of publisher: Int, _ entries: [Entry]) {
        publishers[publisher].global = add(entries, publisher: publisher, scope: RouteStore.noNumber)
    }

    /// False when the publisher has this offer or smartlink already.
    mutating func addScope(_ kind: RouteScope, _ id: String, of publisher: Int, _ entries: [Entry]) -> Bool {
        let owner = RouteStore.scopeOwner(publisher: publisher, kind)
        let added = scopeIDs.insert(owner: owner, Array(id.utf8).span)
        guard added.isNew else { return false }
        scopes.append(add(entries, publisher: publisher, scope: UInt32(added.number)))
        return true
    }

    mutating func number(of destination: Destination) -> UInt32 {
        UInt32(destinations.add(destination))
    }

    mutating func number(ofDestination key: [UInt8]) -> Int {
        destinations.add(key: key)
    }

    /// The mode of all publishers that have none of their own.
    mutating func setMode(_ mode: RouteMode, from origin: RouteStore.ModeOrigin) {
        for number in publishers.indices where publishers[number].modeOrigin != .publisher {
            publishers[number].mode = mode
            publishers[number].modeOrigin = origin
        }
    }

    /// Takes room for `factor` times what is there: a part of the file has been read, and it goes on alike. Arrays that
    /// grow by doubling would need half as much memory again at the worst moment.
    mutating func reserve(factor: Double) {
        func grown(_ count: Int) -> Int { Int(Double(count) * factor) + 64 }
        publisherIDs.reserve(keys: grown(publisherIDs.count), bytes: grown(publisherIDs.arena.count))
        publishers.reserveCapacity(grown(publishers.count))
        scopeIDs.reserve(keys: grown(scopeIDs.count), bytes: grown(scopeIDs.arena.count))
        scopes.reserveCapacity(grown(scopes.count))
        records.reserveCapacity(grown(records.count))
        destinations.reserve(grown(destinations.count), bytes: grown(destinations.byteCount))
        templates.reserve(factor: factor)
    }

    mutating func number(of settings: PostbackSettings) -> UInt32 {
        // Neighbours are mostly alike: a comparison is cheaper than a hash.
        if settings == lastSettings.value { return lastSettings.number }
        let number = interned(settings)
        lastSettings = (settings, number)
        return number
    }

    private mutating func interned(_ settings: PostbackSettings) -> UInt32 {
        if let number = settingsNumbers[settings] { return number }
        let number = UInt32(self.settings.count)
        self.settings.append(settings)
        settingsNumbers[settings] = number
        return number
    }

    mutating func number(of rules: PostbackRules) -> UInt32 {
        if rules == PostbackRules() { return 0 }
        if let number = rulesNumbers[rules] { return number }
        let number = UInt32(self.rules.count)
        self.rules.append(rules)
        rulesNumbers[rules] = number
        return number
    }

    private mutating func add(_ entries: [Entry], publisher: Int, scope: UInt32) -> RouteStore.Scope {
        var result = RouteStore.Scope(first: UInt32(records.count))
        for sendable in [true, false] {
            for entry in entries where entry.isSendable == sendable {
                records.append(
                    RouteStore.Record(
                        publisher: UInt32(publisher),
                        scope: scope,
                        name: UInt32(names.insert(owner: 0, Array(entry.name.utf8).span).number),
                        destination: entry.address?.destination ?? RouteStore.noNumber,
                        target: entry.address?.target ?? TemplateNumber(RouteStore.noNumber),
                        settings: entry.settings,
                        rules: entry.rules,
                        line: entry.line
                    )
                )
                result.total += 1
                if sendable { result.sendable += 1 }
                if entry.isEnabled, entry.isSuppressed { result.isSuppressed = true }
            }
        }
        sendableCount += Int(result.sendable)
        return result
    }
}
