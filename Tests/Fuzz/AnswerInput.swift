import Conversion
import Foundation
import Routing
import Settings
import Telemetry
import Worker

/// The body of an answer, with a JSON Pointer that a rule follows into it.
enum AnswerInput {
    private static let secret = "s3cr3t-value"

    static func feed(_ input: [UInt8]) {
        let parts = parts(input, 2)
        let body = parts[1]
        if let text = String(validating: parts[0], as: UTF8.self), let pointer = try? JSONPointer(parsing: text) {
            promise((try? JSONPointer(parsing: pointer.description)) == pointer, "a pointer reads what it writes")
            follow(pointer, body)
        }
        for postback in postbacks {
            let status = 200 + Int(parts[0].first ?? 0) % 4
            let answer = postback.answerRules?.judge(status: status, body: body, bodyIsComplete: body.count % 2 == 0)
            let event = Events.all[0]
            let context = RenderContext(attempt: 1, now: 1_700_000_000_000, random: 42)
            let mask = AnswerMask(postback, event, context, id: Array("e1/1".utf8), mask: SecretMask(words: ["token"]))
            if case .rejected(let reason)? = answer {
                promise(!mask.text(reason).contains(secret), "the secret shows: \(reason)")
                promise(!reason.utf8.contains { $0 < 0x20 }, "one line: \(reason)")
            }
            let masked = mask.bytes(body)
            promise(masked.firstRange(of: Array(secret.utf8)) == nil, "the secret shows")
            if body.isEmpty { promise(masked.isEmpty, "nothing comes of nothing") }
        }
    }

    private static func follow(_ pointer: JSONPointer, _ body: [UInt8]) {
        let found = JSONLookup.find(pointer, in: body)
        let parsed = try? JSONSerialization.jsonObject(with: Data(body), options: .fragmentsAllowed)
        guard let value = parsed else { return }
        // 64 levels are read.
        if body.filter({ $0 == 0x5B || $0 == 0x7B }).count > 60 || OtherOpinion.differs(on: body) { return }
        promise(found != .malformed, "Foundation reads \(value)")
        // Of two members of one name Foundation takes another one.
        if OtherOpinion.members(of: value) != OtherOpinion.members(in: body) { return }
        let other = OtherOpinion.walk(pointer.tokens, value)
        let agrees =
            switch found {
            case .absent: other == nil
            case .container: other is [String: Any] || other is [Any]
            case .scalar(let text): other.map { OtherOpinion.is($0, text) } ?? false
            case .malformed: false
            }
        promise(agrees, "\(pointer) leads to \(found), and not to \(other ?? "nothing") in \(value)")
    }

    private static let postbacks: [Postback] = {
        let yaml = """
            publishers:
              "1":
                global:
                  - name: a
                    url: "https://t.example/pb?cid={{click_id}}&token=\(secret)"
                    success: { json: { pointer: "/status", equals: ok } }
                    duplicate: { body_contains: ["duplicate"] }
                  - name: b
                    url: "https://t.example/pb?cid={{click_id}}"
                    headers: { Authorization: "Bearer \(secret)" }
                    success: { status: [200, 201], body_lacks: ["error"] }
                    duplicate: { status: [202], json: { pointer: "/a/0/b", equals: "1" } }
            """
        do {
            let document = try YAMLDocument.parse(yaml, file: "routes.yaml")
            let (table, faults) = RouteTable.load(document, file: "routes.yaml")
            return ["a", "b"].map { name in
                if let found = table?.postback(forKey: Array("1/global/\(name)".utf8)) { return found }
                fatalError("\(faults)")
            }
        } catch {
            fatalError("\(error)")
        }
    }()
}
