import Conversion
import Delivery
import Documents
import Routing
import Settings

/// The routes of the simulation, in two versions between which a run goes back and forth, and what they promise.
struct RouteBook {
    let first: RouteTable
    let second: RouteTable

    init() throws(FaultyDocument) {
        first = try Self.table(Self.text)
        second = try Self.table(Self.changedText)
    }

    private static func table(_ text: String) throws(FaultyDocument) -> RouteTable {
        let document = try YAMLDocument.parse(text, file: "routes.yaml")
        let (table, faults) = RouteTable.load(document, file: "routes.yaml")
        guard let table else { throw FaultyDocument(faults) }
        return table
    }

    private static let query = "pb?s={{parameters.serial}}&a={{attempt}}&r={{route}}"

    private static func url(_ host: String, _ rest: String = "") -> String {
        "\"http://\(host).example.com/\(query)\(rest)\""
    }

    /// Publisher 7 is in neither.
    private static let text = """
        publishers:
          "1": { global: { url: \(url("a", "&c={{click_id}}")) } }
          "2":
            global:
              - { name: get, url: \(url("b")) }
              - name: post
                url: \(url("c"))
                method: POST
                content_type: application/json
                body: '{"e": "{{event_id}}"}'
        \(additive)
          "4": { global: { url: \(url("f")), delay: 3s, redirects: 1 } }
        \(unchanged)
        """

    private static let changedText = """
        publishers:
          "1": { global: { url: \(url("z", "&c={{click_id}}")) } }
          "2":
            global:
              - { name: get, url: \(url("b")) }
        \(additive)
                - { name: three, url: \(url("z")) }
          "4": { global: { url: \(url("f")), redirects: 1 } }
        \(unchanged)
        """

    /// In both, but that the second adds to it.
    private static let additive = """
          "3":
            mode: additive
            global: { url: \(url("a")) }
            offers:
              "30":
                - { name: one, url: \(url("d")) }
                - { name: two, url: \(url("e")), when: { statuses: [approved] } }
        """

    private static let unchanged = """
          "5":
            global:
              url: \(url("g"))
              retry: { attempts: 3 }
              success: { body_contains: "OK" }
              duplicate: { body_contains: "DUPLICATE" }
          "6": { global: { suppress: true } }
          "8": { global: { url: \(url("h")), sample: 0.5, timeout: 700ms } }
        """

    // MARK: What they promise

    /// What must come of an event: under both versions where a run goes back and forth between them, otherwise under the
    /// first; and what may under one of two.
    func promise(of body: [UInt8], reloads: Bool) -> Oracle.Event {
        var event = ConversionEvent()
        do throws(EventFault) {
            try event.decode(body.span)
        } catch {
            var promise = Oracle.Event(body: body, must: [], may: [])
            promise.expected = 1
            return promise
        }
        let (old, new) = (routes(event, first), routes(event, second))
        let must = reloads ? old.filter(new.contains) : old
        return Oracle.Event(body: body, must: must, may: reloads ? Set(old + new).subtracting(must) : [])
    }

    /// Whether the route has a parameter that the body does not fill.
    func lacksToken(_ route: String, _ body: [UInt8]) -> Bool {
        route == "1/global/default" && !String(decoding: body, as: UTF8.self).contains("\"click_id\"")
    }

    /// Before the first attempt, in milliseconds; nil for none.
    func delay(of route: String) -> Int64? { route == "4/global/default" ? 3000 : nil }

    /// Where it leads under either version.
    func hosts(of route: String) -> [String] {
        [first, second].compactMap { $0.postback(forKey: Array(route.utf8))?.destination.host }
    }

    private func routes(_ event: ConversionEvent, _ table: RouteTable) -> [String] {
        var resolution = Resolution()
        table.resolve(event, into: &resolution)
        return resolution.postbacks.map(\.key)
    }

    func attempts(of route: String, _ policy: RetryPolicy) -> Int { route == Self.ruled ? 3 : policy.attempts }

    /// The route with answer rules.
    private static let ruled = "5/global/default"

    func hasRules(_ route: String) -> Bool { route == Self.ruled }

    /// What an answer is by the route's own rules, and else by its status.
    /// - Parameter asked: its `Retry-After`, in milliseconds.
    func ending(_ route: String, status: Int, body: String, asked: Int64? = nil) -> Ending {
        if hasRules(route), body.contains("DUPLICATE") { return .success }
        switch status {
        case 200...299: return hasRules(route) && !body.contains("OK") ? .rejection : .success
        case 100...199, 408, 425, 429, 500...: return .failure(asked: asked, closes: [429, 503].contains(status))
        default: return .rejection
        }
    }

    /// For pauses.
    static let routes = ["1/global/default", "2/global/post", "3/offers/30/one", "4/global/default"]
}
