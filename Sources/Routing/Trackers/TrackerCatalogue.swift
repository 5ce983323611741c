import Documents

/// The trackers that a route can name.
package struct TrackerCatalogue: Sendable {
    /// What is built in: the seed network's four first, then trackers, networks, and sources of traffic.
    package static let builtIn = TrackerCatalogue([
        .voluum, .adsBridge, .thriveTracker, .mobideaTracker,
        .binomV1, .binomV2, .keitaro, .redTrack, .beMob, .peerClick, .funnelFluxPro, .clickFlare, .zeustrack,
        .prosper202,
        .tune, .everflow, .cake, .affise, .trackier, .offer18,
        .propellerAds, .zeropark, .exoClick, .taboola, .mgid, .rollerAds, .mondiad,
    ])

    /// In the order in which they are listed.
    package private(set) var trackers: [Tracker] = []
    /// Names in the configuration whose entries have faults: what is wrong with them is told there, not at each use.
    package internal(set) var faulty: Set<String> = []
    private var places: [String: Int] = [:]
    /// The trackers in the form that routes are made from.
    private var plans: [TrackerPlan] = []

    init(_ trackers: [Tracker]) {
        for tracker in trackers { add(tracker) }
    }

    /// The tracker of this name, in any case.
    package subscript(name: String) -> Tracker? {
        place(of: name).map { trackers[$0] }
    }

    /// The same in the form that routes are made from: one reference, where a ``Tracker`` is some twenty.
    func plan(named name: String) -> TrackerPlan? {
        place(of: name).map { plans[$0] }
    }

    private func place(of name: String) -> Int? { places[name] ?? places[name.lowercased()] }

    /// Adds a tracker, or puts it in the place of the one with its name.
    mutating func add(_ tracker: Tracker) {
        let plan = TrackerPlan(tracker)
        if let place = places[tracker.name] {
            trackers[place] = tracker
            plans[place] = plan
        } else {
            places[tracker.name] = trackers.count
            trackers.append(tracker)
            plans.append(plan)
        }
    }

    /// Every key that some tracker asks for beside `tracker`, each once; `parameters` last.
    package var keys: [String] {
        var keys: [String] = []
        for key in trackers.flatMap({ $0.inputs.map(\.name) }) where !keys.contains(key) { keys.append(key) }
        return keys + [TrackerForm.parametersKey]
    }

    /// What to say about a name that is not here.
    package func hint(for name: String) -> String {
        let lower = name.lowercased()
        let called = trackers.filter { $0.otherNames.contains(lower) }.map(\.name)
        if !called.isEmpty { return "probably \(called.joined(separator: " or "))" }
        if let closest = Suggestion.closest(to: name, among: trackers.map(\.name)) { return "probably \(closest)" }
        return "`postback trackers` lists them; any other takes a url"
    }
}
