import Conversion
import Documents
import Settings

@testable import Routing

/// Shorthand of the tests: routes from YAML, events from JSON.
enum Fixture {
    /// What templates and signatures of the tests may name.
    static let secrets = SecretStore([
        "partner-hmac": Array("Jefe".utf8), "partner-hmac-old": Array("older".utf8), "nothing": [],
        "standard": Array("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".utf8), "broken": Array("whsec_not base64".utf8),
    ])

    static func load(
        _ yaml: String,
        vocabulary: TokenVocabulary = .standard
    ) throws -> (table: RouteTable?, faults: [Fault]) {
        let document = try YAMLDocument.parse(yaml, file: "routes.yaml")
        return RouteTable.load(document, file: "routes.yaml", vocabulary: vocabulary, secrets: secrets)
    }

    /// The table of routes that must have no errors.
    static func table(_ yaml: String, vocabulary: TokenVocabulary = .standard) throws -> RouteTable {
        let (table, faults) = try load(yaml, vocabulary: vocabulary)
        guard let table else { throw FaultyDocument(faults) }
        return table
    }

    /// The errors of routes, as text.
    static func errors(_ yaml: String, vocabulary: TokenVocabulary = .standard) throws -> [String] {
        try load(yaml, vocabulary: vocabulary).faults.filter { $0.severity == .error }.map(\.description)
    }

    /// The errors of one postback whose fields are the lines of `fields`.
    static func errors(ofPostback fields: String) throws -> [String] {
        try errors(routes(fields))
    }

    static func errors(ofURL url: String) -> [String] {
        load(node(["url": url])).faults.filter { $0.severity == .error }.map(\.description)
    }

    static func warnings(ofURL url: String) -> [String] {
        load(node(["url": url])).faults.filter { $0.severity == .warning }.map(\.description)
    }

    static func routes(_ fields: String) -> String {
        let lines = fields.split(separator: "\n", omittingEmptySubsequences: false).map { "      \($0)\n" }.joined()
        return "publishers:\n  \"1\":\n    global:\n\(lines)"
    }

    static func load(_ document: SourceNode) -> (table: RouteTable?, faults: [Fault]) {
        RouteTable.load(document, file: "routes.yaml", secrets: secrets)
    }

    /// Publisher 1 with one global postback, without a detour over YAML's own quoting.
    static func node(_ fields: [String: String], headers: [String: String] = [:]) -> SourceNode {
        func scalar(_ text: String) -> SourceNode {
            SourceNode(.scalar(text, quoted: false), at: SourcePosition(line: 1, column: 1))
        }
        func mapping(_ entries: [(String, SourceNode)]) -> SourceNode {
            let position = SourcePosition(line: 1, column: 1)
            return SourceNode(
                .mapping(entries.map { SourceNode.Entry(key: $0.0, keyPosition: position, value: $0.1) }),
                at: position
            )
        }
        var entries = fields.sorted { $0.key < $1.key }.map { ($0.key, scalar($0.value)) }
        if !headers.isEmpty {
            entries.append(("headers", mapping(headers.sorted { $0.key < $1.key }.map { ($0.key, scalar($0.value)) })))
        }
        return mapping([("publishers", mapping([("1", mapping([("global", mapping(entries))]))]))])
    }

    /// Publisher 1's only postback.
    static func postback(
        _ fields: [String: String],
        headers: [String: String] = [:],
        vocabulary: TokenVocabulary = .standard
    ) throws -> Postback {
        let document = node(fields, headers: headers)
        let (table, faults) = RouteTable.load(
            document,
            file: "routes.yaml",
            vocabulary: vocabulary,
            secrets: secrets
        )
        guard let postback = table?.postback(forKey: Array("1/global/default".utf8)) else {
            throw FaultyDocument(faults)
        }
        return postback
    }

    /// Publisher 1's only postback, whose fields are the lines of `fields`; a good URL is added where they have none.
    static func postback(yaml fields: String) throws -> Postback {
        let url = fields.contains("url:") ? "" : "url: 'https://a.example/{{click_id}}'\n"
        let table = try table(routes(url + fields))
        guard let postback = table.postback(forKey: Array("1/global/default".utf8)) else {
            throw FaultyDocument([])
        }
        return postback
    }

    static func event(_ json: String) throws -> ConversionEvent {
        var event = ConversionEvent()
        let bytes = Array(json.utf8)
        try event.decode(bytes.span)
        return event
    }

    /// An event of publisher 1 with these members beside `id`; values are JSON.
    static func event(_ members: [String: String]) throws -> ConversionEvent {
        let all = ["id": "\"e1\"", "publisher_id": "\"1\"", "click_id": "\"c1\""].merging(members) { $1 }
        return try event("{" + all.map { "\(quoted($0.key)): \($0.value)" }.sorted().joined(separator: ",") + "}")
    }

    /// A JSON string.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    static let context = RenderContext(attempt: 1, now: 1_700_000_000_000, random: 42)

    static func target(
        _ url: String,
        _ event: ConversionEvent,
        _ context: RenderContext = context,
        vocabulary: TokenVocabulary = .standard
    ) throws -> String {
        var buffer: [UInt8] = []
        try postback(["url": url], vocabulary: vocabulary).renderTarget(event, context, into: &buffer)
        return String(decoding: buffer, as: UTF8.self)
    }

    static func body(_ body: String, as type: String, _ event: ConversionEvent) throws -> [UInt8] {
        var buffer: [UInt8] = []
        let fields = ["url": "https://a.example/", "method": "POST", "body": body, "content_type": type]
        try postback(fields).renderBody(event, context, into: &buffer)
        return buffer
    }

    static func headers(_ headers: [String: String], _ event: ConversionEvent) throws -> [String] {
        var lines: [[UInt8]] = []
        try postback(["url": "https://a.example/"], headers: headers).renderHeaders(event, context, into: &lines)
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }
}

extension RouteTable {
    /// Every origin that some postback names, each once.
    var destinations: [Destination] { (0..<destinationCount).map { store.destinations[$0] } }
}
