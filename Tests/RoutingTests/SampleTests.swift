import Testing

@testable import Routing

@Suite("A sample")
struct SampleTests {
    private func part(_ table: RouteTable, _ ids: some Sequence<Int>, name: String) throws -> Set<Int> {
        let postback = try #require(table.postback(forKey: Array("1/global/\(name)".utf8)))
        var taken: Set<Int> = []
        for id in ids {
            let event = try Fixture.event(["id": "\"conversion-\(id)\""])
            if postback.skipReason(for: event) == nil { taken.insert(id) }
        }
        return taken
    }

    private static let routes = """
        publishers:
          "1":
            global:
              - { name: a, url: "https://a.example/{{click_id}}", sample: 0.3 }
              - { name: b, url: "https://b.example/{{click_id}}", sample: 0.3 }
              - { name: tenth, url: "https://a.example/{{click_id}}", sample: 1e-1 }
        """

    @Test("takes its part of 100,000 within one percent, and the same ones every time")
    func part() throws {
        let first = try part(try Fixture.table(Self.routes), 0..<100_000, name: "a")
        #expect(abs(first.count - 30_000) <= 300)
        let again = try part(try Fixture.table(Self.routes), (0..<100_000).reversed(), name: "a")
        #expect(first == again)
    }

    @Test("is drawn for each route by itself")
    func independence() throws {
        let table = try Fixture.table(Self.routes)
        let (a, b) = (try part(table, 0..<20_000, name: "a"), try part(table, 0..<20_000, name: "b"))
        #expect(abs(a.intersection(b).count - 1_800) <= 200)
        let tenth = try part(table, 0..<20_000, name: "tenth")
        #expect(abs(tenth.count - 2_000) <= 200)
    }

    @Test("decides alike in a resolution and for a postback alone")
    func resolution() throws {
        let table = try Fixture.table(Self.routes)
        var resolution = Resolution()
        for id in 0..<500 {
            let event = try Fixture.event(["id": "\"conversion-\(id)\""])
            table.resolve(event, into: &resolution)
            for postback in resolution.postbacks { #expect(postback.skipReason(for: event) == nil) }
            for skip in resolution.skipped { #expect(skip.postback.skipReason(for: event) == skip.reason) }
            #expect(resolution.postbacks.count + resolution.skipped.count == 3)
        }
    }

    @Test("hashes as it did when it was first released: other values would draw other conversions")
    func stability() {
        let hash = SampleRule.hash(eventID: Array("cv-1".utf8).span, routeKey: Array("1001/global/default".utf8))
        #expect(hash == Self.reference("cv-1", "1001/global/default"))
    }

    /// FNV-1a and the finalizer, written down once more from their definitions.
    private static func reference(_ id: String, _ key: String) -> UInt64 {
        var hash: UInt64 = 14_695_981_039_346_656_037
        for byte in Array(id.utf8) + [255] + Array(key.utf8) {
            hash ^= UInt64(byte)
            hash = hash.multipliedFullWidth(by: 1_099_511_628_211).low
        }
        hash ^= hash >> 33
        hash = hash.multipliedFullWidth(by: 18_397_679_294_719_823_053).low
        hash ^= hash >> 33
        hash = hash.multipliedFullWidth(by: 14_181_476_777_654_086_739).low
        return hash ^ (hash >> 33)
    }

    @Test("of nearly all or nearly nothing has room in its threshold")
    func edges() throws {
        let table = try Fixture.table(
            Self.routes.replacing("0.3", with: "0.999999999999999999").replacing("1e-1", with: "0.000000000000000001")
        )
        #expect(try part(table, 0..<2_000, name: "a").count == 2_000)
        #expect(try part(table, 0..<2_000, name: "tenth").isEmpty)
    }
}
