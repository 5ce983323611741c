import Documents
import Foundation
import Settings
import Testing

@Suite("config.schema.json says what the loader does")
struct ConfigSchemaTests {
    let schema: SourceNode

    init() throws {
        schema = try YAMLDocument.load(path: Repository.schema)
    }

    @Test("a valid example is taken by schema and loader", arguments: ExampleFile.valid)
    func takesValid(example: ExampleFile) throws {
        let node = try YAMLDocument.load(path: example.path)
        #expect(SchemaValidator(root: schema).failures(in: node) == [])
        #expect(throws: Never.self) { try WorkerSettings.load(path: example.path, required: true, environment: [:]) }
    }

    @Test("an invalid example is refused by the loader, with its place", arguments: ExampleFile.invalid)
    func loaderRefusesInvalid(example: ExampleFile) throws {
        let refusal = #expect(throws: FaultyDocument.self) {
            try WorkerSettings.load(path: example.path, required: true, environment: [:])
        }
        let faults = try #require(refusal).faults
        #expect(faults.count == 1)
        #expect(faults.allSatisfy { $0.file == example.path && $0.position != nil && !$0.message.contains("hunter2") })
    }

    @Test(
        "an invalid example is refused by the schema unless it says that the schema cannot",
        arguments: ExampleFile.invalid
    )
    func schemaRefusesInvalid(example: ExampleFile) throws {
        let failures = SchemaValidator(root: schema).failures(in: try YAMLDocument.load(path: example.path))
        let isSaid = try example.text.hasPrefix("# The schema cannot see this: ")
        #expect(failures.isEmpty == isSaid, "\(failures)")
    }

    @Test("there are examples")
    func examplesExist() {
        #expect(ExampleFile.valid.count >= 5)
        #expect(ExampleFile.invalid.count >= 20)
    }

    @Test("schema and loader know the same keys")
    func sameKeys() {
        #expect(Set(leaves(of: schema, path: "").map(\.path)) == Set(WorkerSettings.keys.map(\.path)))
    }

    @Test("every key of the schema has a description, every setting a default")
    func describesAll() {
        for leaf in leaves(of: schema, path: "") {
            #expect(entry("description", of: leaf.schema)?.text?.isEmpty == false, "\(leaf.path)")
            #expect(entry("default", of: leaf.schema) != nil, "\(leaf.path)")
        }
    }

    @Test("the defaults of the schema are those of the loader")
    func sameDefaults() throws {
        var lines: [String] = []
        for leaf in leaves(of: schema, path: "") {
            let value = try #require(entry("default", of: leaf.schema))
            let keys = leaf.path.split(separator: ".")
            let opening = keys.dropLast().map { "{ \"\($0)\": " }.joined()
            let key = keys.last.map(String.init) ?? ""
            lines.append("\(opening){ \"\(key)\": \(json(value)) }" + String(repeating: " }", count: keys.count - 1))
        }
        for line in lines {
            let settings = try WorkerSettings.parse(line, file: "defaults.yaml")
            #expect(Picture(settings) == Picture(WorkerSettings()), "\(line)")
        }
    }

    @Test("the ranges of numbers in the schema are those that the faults say")
    func sameRanges() throws {
        for leaf in leaves(of: schema, path: "") {
            guard let least = entry("minimum", of: leaf.schema)?.text,
                let most = entry("maximum", of: leaf.schema)?.text
            else { continue }
            let key = try #require(WorkerSettings.keys.first { $0.path == leaf.path })
            #expect(key.allowed.hasSuffix("number from \(least) to \(most)"))
        }
    }

    @Test("the ranges of durations and sizes in the descriptions are those that the faults say")
    func sameDescribedRanges() throws {
        for leaf in leaves(of: schema, path: "") {
            let reference = entry("$ref", of: leaf.schema)?.text
            guard reference == "#/$defs/duration" || reference == "#/$defs/size" else { continue }
            let key = try #require(WorkerSettings.keys.first { $0.path == leaf.path })
            let range = try #require(key.allowed.firstMatch(of: /from (\S+) to (\S+)/))
            let description = entry("description", of: leaf.schema)?.text ?? ""
            #expect(description.hasSuffix("\(range.output.1) to \(range.output.2)."), "\(leaf.path)")
        }
    }

    /// The schemas of the settings: sections are gone into, maps with names of the author's choice are not.
    private func leaves(of schema: SourceNode, path: String) -> [(path: String, schema: SourceNode)] {
        guard let properties = entry("properties", of: schema)?.entries else { return [(path, schema)] }
        return properties.flatMap { leaves(of: $0.value, path: path.isEmpty ? $0.key : "\(path).\($0.key)") }
    }

    private func entry(_ key: String, of node: SourceNode) -> SourceNode? {
        node.entries?.first { $0.key == key }?.value
    }

    private func json(_ node: SourceNode) -> String {
        switch node.content {
        case .null: "null"
        case .scalar(let text, quoted: true): "\"\(text)\""
        case .scalar(let text, quoted: false): text
        case .sequence(let nodes): "[" + nodes.map(json).joined(separator: ", ") + "]"
        case .mapping(let entries):
            "{" + entries.map { "\"\($0.key)\": \(json($0.value))" }.joined(separator: ",") + "}"
        }
    }
}
