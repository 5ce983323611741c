import Documents
import FoundationEssentials
import Settings
import Testing

@testable import Routing

@Suite("The examples under schemas")
struct RoutesExamplesTests {
    private static let schemas = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "schemas")

    private static func examples(_ folder: String) throws -> [String] {
        let path = schemas.appending(path: "examples/routes/\(folder)").path
        return try FileManager.default.contentsOfDirectory(atPath: path).sorted().map { "\(path)/\($0)" }
    }

    private static func load(_ path: String) throws -> (table: RouteTable?, faults: [Fault]) {
        RouteTable.load(try YAMLDocument.load(path: path), file: path, secrets: Fixture.secrets)
    }

    @Test("that are valid make a table without a word")
    func valid() throws {
        let paths = try Self.examples("valid")
        #expect(paths.count >= 7)
        for path in paths {
            let (table, faults) = try Self.load(path)
            #expect(table != nil, "\(path)")
            #expect(faults.allSatisfy { $0.severity == .warning }, "\(faults)")
        }
    }

    @Test("that are invalid make none, and say where")
    func invalid() throws {
        let paths = try Self.examples("invalid")
        #expect(paths.count >= 30)
        for path in paths {
            let (table, faults) = try Self.load(path)
            #expect(table == nil, "\(path)")
            #expect(faults.filter { $0.severity == .error }.count >= 1, "\(path)")
            #expect(faults.allSatisfy { $0.position != nil && !$0.message.isEmpty })
        }
    }

    @Test("stand beside a schema that knows the same keys as the reader")
    func keys() throws {
        struct Schema: Decodable {
            struct Part: Decodable {
                var properties: [String: Anything]?
            }

            struct Anything: Decodable {
                init(from decoder: any Decoder) {}
            }

            var properties: [String: Anything]
            var definitions: [String: Part]

            enum CodingKeys: String, CodingKey {
                case properties
                case definitions = "$defs"
            }
        }
        let data = try Data(contentsOf: Self.schemas.appending(path: "routes.schema.json"))
        let schema = try JSONDecoder().decode(Schema.self, from: data)
        #expect(Set(schema.properties.keys) == Set(RouteKeys.document))
        #expect(schema.definitions["publisher"]?.properties.map { Set($0.keys) } == Set(RouteKeys.publisher))
        #expect(
            schema.definitions["postback"]?.properties.map { Set($0.keys) }
                == Set(RouteKeys.postback + TrackerCatalogue.builtIn.keys)
        )
    }
}
