import Conversion
import Documents
import Testing

@testable import Routing

@Suite("Resolution over random tables")
struct ResolutionPropertyTests {
    /// A table in the plainest form there is, and resolution in the contract's own words.
    private struct Naive {
        struct Item {
            var name: String
            var enabled: Bool
            var suppress: Bool
        }

        struct Publisher {
            var mode: String
            var global: [Item]?
            var offers: [String: [Item]]
            var smartlinks: [String: [Item]]
        }

        var publishers: [String: Publisher]

        func resolve(_ id: String, offer: String?, smartlink: String?) -> [String] {
            guard let publisher = publishers[id] else { return [] }
            var scopes: [(String, [Item])] = []
            if let smartlink, let items = publisher.smartlinks[smartlink] {
                scopes.append(("smartlinks/\(smartlink)", items))
            }
            if let offer, let items = publisher.offers[offer] { scopes.append(("offers/\(offer)", items)) }
            if let items = publisher.global { scopes.append(("global", items)) }
            var keys: [String] = []
            for (scope, items) in scopes {
                let enabled = items.filter(\.enabled)
                if enabled.contains(where: \.suppress) { return keys }
                if enabled.isEmpty { continue }
                keys += enabled.map { "\(id)/\(scope)/\($0.name)" }
                if publisher.mode != "additive" { return keys }
            }
            return keys
        }
    }

    private func node(_ content: SourceNode.Content) -> SourceNode {
        SourceNode(content, at: SourcePosition(line: 1, column: 1))
    }

    private func mapping(_ entries: [(String, SourceNode)]) -> SourceNode {
        let position = SourcePosition(line: 1, column: 1)
        return node(.mapping(entries.map { SourceNode.Entry(key: $0.0, keyPosition: position, value: $0.1) }))
    }

    private func scope(_ items: [Naive.Item]) -> SourceNode {
        let nodes = items.map { item in
            mapping([
                ("name", node(.scalar(item.name, quoted: true))),
                ("url", node(.scalar("https://a.example/{{click_id}}", quoted: true))),
                ("enabled", node(.scalar("\(item.enabled)", quoted: false))),
                ("suppress", node(.scalar("\(item.suppress)", quoted: false))),
            ])
        }
        return nodes.count == 1 ? nodes[0] : node(.sequence(nodes))
    }

    private func items(_ dice: inout Dice) -> [Naive.Item] {
        if Int.random(in: 0..<5, using: &dice) == 0 {
            return [Naive.Item(name: "s", enabled: Bool.random(using: &dice), suppress: true)]
        }
        return (0..<Int.random(in: 1...3, using: &dice)).map {
            Naive.Item(name: "n\($0)", enabled: Int.random(in: 0..<3, using: &dice) > 0, suppress: false)
        }
    }

    private func scopes(_ dice: inout Dice) -> [String: [Naive.Item]] {
        var scopes: [String: [Naive.Item]] = [:]
        for id in 0..<Int.random(in: 0...6, using: &dice) { scopes["\(id)"] = items(&dice) }
        return scopes
    }

    @Test("finds what the contract's words say", arguments: 0..<60)
    func agreement(seed: Int) throws {
        var dice = Dice(seed)
        var naive = Naive(publishers: [:])
        for id in 0..<Int.random(in: 1...40, using: &dice) {
            naive.publishers["\(id * 7)"] = Naive.Publisher(
                mode: ["override", "fallback", "additive"].randomElement(using: &dice) ?? "override",
                global: Bool.random(using: &dice) ? items(&dice) : nil,
                offers: scopes(&dice),
                smartlinks: scopes(&dice)
            )
        }
        let publishers = naive.publishers.map { id, publisher in
            var entries = [("mode", node(.scalar(publisher.mode, quoted: false)))]
            if let global = publisher.global { entries.append(("global", scope(global))) }
            entries.append(("offers", mapping(publisher.offers.map { ($0.key, scope($0.value)) })))
            entries.append(("smartlinks", mapping(publisher.smartlinks.map { ($0.key, scope($0.value)) })))
            return (id, mapping(entries))
        }
        let loaded = Fixture.load(mapping([("publishers", mapping(publishers))]))
        let table = try #require(loaded.table)
        var resolution = Resolution()
        for _ in 0..<200 {
            let id = "\(Int.random(in: 0..<300, using: &dice))"
            let offer = Bool.random(using: &dice) ? "\(Int.random(in: 0..<8, using: &dice))" : nil
            let smartlink = Bool.random(using: &dice) ? "\(Int.random(in: 0..<8, using: &dice))" : nil
            var members = ["publisher_id": id]
            members["offer_id"] = offer
            members["smartlink_id"] = smartlink
            table.resolve(try Fixture.event(members), into: &resolution)
            let expected = naive.resolve(id, offer: offer, smartlink: smartlink)
            #expect(resolution.postbacks.map(\.key) == expected)
            #expect((resolution.noRouteReason != nil) == expected.isEmpty)
            for postback in resolution.postbacks {
                #expect(table.postback(forKey: postback.keyBytes) == postback)
            }
        }
    }

    @Test("finds each of 100,000 publishers and none of 100,000 others")
    func many() throws {
        let position = SourcePosition(line: 1, column: 1)
        let global = mapping([("url", node(.scalar("https://a.example/{{click_id}}", quoted: true)))])
        let publishers = (0..<100_000).map {
            SourceNode.Entry(key: "p\($0)", keyPosition: position, value: mapping([("global", global)]))
        }
        let table = try #require(Fixture.load(mapping([("publishers", node(.mapping(publishers)))])).table)
        #expect(table.publisherCount == 100_000)
        #expect(table.destinations.count == 1)
        for number in 0..<100_000 {
            let key = Array("p\(number)/global/default".utf8)
            guard let postback = table.postback(forKey: key) else {
                Issue.record("publisher p\(number) is not found")
                return
            }
            guard postback.keyBytes == key, table.postback(forKey: Array("q\(number)/global/default".utf8)) == nil
            else {
                Issue.record("publisher p\(number) is mistaken for another")
                return
            }
        }
    }
}
