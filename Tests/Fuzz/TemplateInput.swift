import Conversion
import Documents
import Foundation
import Routing

/// A URL, a header and a body as templates, and the values of an event: scheme, host, number of path segments and names
/// of parameters are the template's, whatever the values are, and JSON has the outline that harmless values give it.
enum TemplateInput {
    private static let names = ["click_id", "country", "user_agent", "a", "x"]
    private static let types = ["application/json", "application/x-www-form-urlencoded", "text/plain"]

    static func feed(_ input: [UInt8]) {
        let parts = parts(input, 4 + names.count)
        let texts = parts.compactMap { String(validating: $0, as: UTF8.self) }
        guard texts.count == parts.count, !texts[4].isEmpty else { return }
        var fields = ["url": texts[0]]
        let type = types[Int(parts[3].first ?? 0) % types.count]
        if !texts[2].isEmpty { fields.merge(["method": "POST", "body": texts[2], "content_type": type]) { $1 } }
        let document = node(fields, header: texts[1])
        let table = RouteTable.load(document, file: "f").table
        guard let postback = table?.postback(forKey: Array("1/global/default".utf8)) else { return }
        let harmless = event(Array(repeating: "v", count: names.count))
        let hostile = event(Array(texts[4...]))
        compareTargets(postback, hostile, url: texts[0])
        compareHeaders(postback, hostile, isSet: !texts[1].isEmpty)
        compareBodies(postback, harmless, hostile, type, template: texts[2])
    }

    private static let context = RenderContext(attempt: 1, now: 1_700_000_000_000, random: 42)

    private static func compareTargets(_ postback: Postback, _ hostile: ConversionEvent, url: String) {
        var rendered: [UInt8] = []
        guard (try? postback.renderTarget(hostile, context, into: &rendered)) != nil else { return }
        promise(rendered.count <= 8000 && rendered.first == UInt8(ascii: "/"), "a target: \(text(rendered))")
        promise(rendered.allSatisfy { $0 > 0x20 && $0 < 0x7f }, "no blanks or controls: \(text(rendered))")
        promise(!rendered.contains(UInt8(ascii: "#")), "no fragment: \(text(rendered))")
        let masked = try? postback.maskedURL(hostile, context)
        promise(masked == postback.destination.origin + text(rendered), "what is shown is sent: \(masked ?? "-")")
        let (place, wanted) = (Place(url: masked ?? ""), Place(template: url))
        promise(place != nil && place == wanted, "\(url)\nleads to \(wanted as Any), not to \(place as Any)")
        promise(place?.port == Int(postback.destination.port), "the port is \(postback.destination.port)")
        let (one, other) = (Shape(template: url), Shape(target: rendered))
        promise(one.admits(other), "template \(url)\nhostile  \(text(rendered))")
    }

    private static func compareHeaders(_ postback: Postback, _ hostile: ConversionEvent, isSet: Bool) {
        var lines: [[UInt8]] = []
        guard (try? postback.renderHeaders(hostile, context, into: &lines)) != nil else { return }
        promise(lines.count <= 2, "one header, and the type of the body")
        promise(!lines.joined().contains { [0, 10, 13].contains($0) }, "no line end in \(lines.map(text))")
        let names = lines.map { text(Array($0.prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: ";") })) }
        let wanted = postback.hasBody ? ["Content-Type"] : []
        // A header whose value comes out empty is left out.
        let allowed = [wanted, isSet ? wanted + ["X-Fuzz"] : wanted]
        promise(allowed.contains(names.sorted()), "the headers' names are \(names)")
    }

    private static func compareBodies(
        _ postback: Postback,
        _ harmless: ConversionEvent,
        _ hostile: ConversionEvent,
        _ type: String,
        template: String
    ) {
        var (plain, rendered): ([UInt8], [UInt8]) = ([], [])
        guard postback.hasBody, (try? postback.renderBody(hostile, context, into: &rendered)) != nil,
            (try? postback.renderBody(harmless, context, into: &plain)) != nil
        else { return }
        if type == types[1] {
            let (one, other) = (Shape(formTemplate: template), Shape(form: rendered))
            promise(one.admits(other), "form \(template)\nhostile \(text(rendered))")
        } else if type == types[0], !OtherOpinion.differs(on: plain) {
            let one = try? JSONSerialization.jsonObject(with: Data(plain), options: .fragmentsAllowed)
            promise(one != nil, "a template of JSON makes JSON\ntemplate \(template)\nharmless \(text(plain))")
            if OtherOpinion.differs(on: rendered) { return }
            let other = try? JSONSerialization.jsonObject(with: Data(rendered), options: .fragmentsAllowed)
            promise(other != nil, "JSON\nharmless \(text(plain))\nhostile  \(text(rendered))")
            promise(outline(one) == outline(other), "outline\n\(text(plain))\n\(text(rendered))")
        }
    }

    /// Objects with their keys and lists with their lengths; what a value is may change.
    private static func outline(_ value: Any?) -> String {
        switch value {
        case let object as [String: Any]:
            "{" + object.map { $0.key + ":" + outline($0.value) }.sorted().joined(separator: ",") + "}"
        case let list as [Any]: "[" + list.map { outline($0) }.joined(separator: ",") + "]"
        default: "."
        }
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func event(_ values: [String]) -> ConversionEvent {
        let members: [String: Any] = [
            "id": "e", "publisher_id": "1", names[0]: values[0], names[1]: values[1], names[2]: values[2],
            "sub_ids": [names[3]: values[3]], "parameters": [names[4]: values[4]],
        ]
        let json = (try? JSONSerialization.data(withJSONObject: members)) ?? Data()
        return Events.event(String(decoding: json, as: UTF8.self))
    }

    private static func node(_ fields: [String: String], header: String) -> SourceNode {
        let position = SourcePosition(line: 1, column: 1)
        func mapping(_ entries: [(String, SourceNode)]) -> SourceNode {
            SourceNode(
                .mapping(entries.map { SourceNode.Entry(key: $0.0, keyPosition: position, value: $0.1) }),
                at: position
            )
        }
        func scalar(_ text: String) -> SourceNode { SourceNode(.scalar(text, quoted: false), at: position) }
        var entries = fields.sorted { $0.key < $1.key }.map { ($0.key, scalar($0.value)) }
        if !header.isEmpty { entries.append(("headers", mapping([("X-Fuzz", scalar(header))]))) }
        return mapping([("publishers", mapping([("1", mapping([("global", mapping(entries))]))]))])
    }
}
