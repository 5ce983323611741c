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

    /// What must come of an event under both versions, and what may under one of them.
    func promise(of body: [UInt8]) -> Oracle.Event {
        var event = ConversionEvent()
        do throws(EventFault) {
            try event.decode(body.span)
        } catch {
            var promise = Oracle.Event(body: body, must: [], may: [])
            promise.expected = 1
            return promise
        }
        let (old, new) = (routes(event, first), routes(event, second))
        return Oracle.Event(
            body: body,
            must: old.filter(new.contains),
            may: Set(old + new).subtracting(old.filter(new.contains))
        )
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

    /// Whether an answer is a success by the route's own rules.
    func accepts(_ route: String, status: Int, body: String) -> Bool {
        if hasRules(route) {
            return body.contains("DUPLICATE") || (200...299).contains(status) && body.contains("OK")
        }
        return (200...299).contains(status)
    }

    /// For pauses.
    static let routes = ["1/global/default", "2/global/post", "3/offers/30/one", "4/global/default"]
}
