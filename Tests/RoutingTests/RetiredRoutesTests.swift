import Testing

@testable import Routing

@Suite("Retired routes")
struct RetiredRoutesTests {
    private func table() throws -> RouteTable {
        try Fixture.table("publishers: { a: { global: { url: \"https://a.example/?c={{click_id}}\" } } }")
    }

    @Test("are in use as long as a lane has the table, or a delivery a postback of it")
    func use() throws {
        var table: RouteTable? = try table()
        var retired = RetiredRoutes(try #require(table))
        let isUnusedAtFirst = retired.isUnused()
        #expect(!isUnusedAtFirst)
        var postback = table?.postback(forKey: Array("a/global/default".utf8))
        #expect(postback != nil)
        table = nil
        let isUnusedWithoutTable = retired.isUnused()
        #expect(!isUnusedWithoutTable)
        postback = nil
        let isUnusedAtLast = retired.isUnused()
        #expect(isUnusedAtLast)
    }

    @Test("are unused where nobody looked for a postback")
    func unused() throws {
        var retired = RetiredRoutes(try table())
        let answers = [retired.isUnused(), retired.isUnused()]
        #expect(answers == [true, true])
    }
}
