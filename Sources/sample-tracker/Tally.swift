/// What is counted about the recorded requests, since the start or the last reset.
struct Tally {
    /// Paths counted by their own name; the requests of all further paths are counted together.
    private static let pathLimit = 10_000
    private static let otherPaths = "(other)"

    private(set) var total = 0
    private var byPath: [String: Int] = [:]
    private var byStatus: [Int: Int] = [:]
    /// Path and click id, by their hash: one may run for millions of requests.
    private var requestsOfClick: [Int: UInt32] = [:]
    private var deliveredClicks: Set<Int> = []
    private var requestsOfKey: Set<Int> = []
    private(set) var repeatedClicks = 0
    private(set) var repeatedDeliveries = 0
    private(set) var repeatedKeys = 0

    /// How often a request with this path and `cid` has come before; without a `cid` the path alone counts.
    func earlierRequests(of identity: RequestIdentity) -> Int {
        Int(requestsOfClick[identity.click] ?? 0)
    }

    mutating func count(path: String, status: Int?, identity: RequestIdentity) {
        total += 1
        byStatus[status ?? 0, default: 0] += 1
        let isKnown = byPath.count < Self.pathLimit || byPath[path] != nil
        byPath[isKnown ? path : Self.otherPaths, default: 0] += 1

        let earlier = requestsOfClick[identity.click, default: 0]
        requestsOfClick[identity.click] = earlier &+ 1
        if identity.hasClick {
            if earlier > 0 { repeatedClicks += 1 }
            if let status, (200...299).contains(status), !deliveredClicks.insert(identity.click).inserted {
                repeatedDeliveries += 1
            }
        }
        if let key = identity.key, !requestsOfKey.insert(key).inserted {
            repeatedKeys += 1
        }
    }

    /// `"total"`, `"by_path"`, `"by_status"` and the repetitions, as a JSON object.
    var json: [UInt8] {
        var json = JSONText()
        json.raw("{\"total\":")
        json.number(total)
        json.raw(",\"by_path\":{")
        for (index, path) in byPath.keys.sorted().enumerated() {
            if index > 0 { json.raw(",") }
            json.string(Array(path.utf8))
            json.raw(":")
            json.number(byPath[path] ?? 0)
        }
        json.raw("},\"by_status\":{")
        for (index, status) in byStatus.keys.sorted().enumerated() {
            if index > 0 { json.raw(",") }
            json.string(Array((status == 0 ? "none" : String(status)).utf8))
            json.raw(":")
            json.number(byStatus[status] ?? 0)
        }
        json.raw("},\"duplicates_of_cid\":")
        json.number(repeatedClicks)
        json.raw(",\"duplicate_deliveries_of_cid\":")
        json.number(repeatedDeliveries)
        json.raw(",\"duplicates_of_key\":")
        json.number(repeatedKeys)
        json.raw("}\n")
        return json.bytes
    }
}
