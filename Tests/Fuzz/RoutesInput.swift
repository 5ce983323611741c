import Conversion
import Documents
import Routing
import Settings

/// A routes file. Whatever loads must be usable: every event resolves, and every postback found renders or says why not.
/// What reads it publisher by publisher, as the worker does, makes the same of it as what reads it whole.
enum RoutesInput {
    private static let file = ScratchFile()
    private static let secrets = SecretStore([
        "partner-hmac": Array("Jefe".utf8), "standard": Array("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".utf8),
    ])

    static func feed(_ input: [UInt8]) {
        guard let text = String(validating: input, as: UTF8.self) else {
            // No text: files are read as bytes.
            stream(input, nil, [])
            return
        }
        let (document, faults) = YAMLDocument.read(text, file: file.path)
        for fault in faults { promise(!fault.description.isEmpty, "a fault has words") }
        guard let document else {
            promise(!faults.isEmpty, "what is refused is refused with a reason")
            stream(input, nil, [])
            return
        }
        let (table, complaints) = RouteTable.load(document, file: file.path, secrets: secrets)
        for fault in complaints { promise(!fault.description.isEmpty, "a fault has words") }
        promise((table == nil) == complaints.contains { $0.severity == .error }, "a table, or an error")
        stream(input, faults.isEmpty ? table : nil, complaints)
        if let table { _ = use(table) }
    }

    /// - Parameters:
    ///   - whole: the table that the whole text makes; nil when it is refused.
    ///   - warnings: what was said of that.
    private static func stream(_ input: [UInt8], _ whole: RouteTable?, _ warnings: [Fault]) {
        file.write(input)
        let loader = RouteLoader(file: file.path, secrets: secrets)
        // A few bytes at a time, so that everything is cut everywhere.
        let step = 1 + input.count % 64
        let result = YAMLDocument.stream(path: file.path, key: "publishers", step: step) { loader.take($0, share: $1) }
        guard let (document, faults) = result else { return }
        guard let document, faults.isEmpty else {
            promise(!faults.isEmpty, "what is refused is refused with a reason")
            promise(whole == nil, "taken whole, refused in pieces: \(faults)")
            return
        }
        let (table, complaints) = loader.finish(document)
        promise((table == nil) == (whole == nil), "whole: \(warnings)\nin pieces: \(complaints)")
        guard let table, let whole else { return }
        promise(Set(complaints.map(\.description)) == Set(warnings.map(\.description)), "\(warnings)\n\(complaints)")
        promise(table.postbackCount == whole.postbackCount, "as many postbacks")
        promise(table.publisherCount == whole.publisherCount, "as many publishers")
        promise(use(table) == use(whole), "the same requests")
    }

    /// - Returns: the requests' targets.
    private static func use(_ table: RouteTable) -> [[UInt8]] {
        var targets: [[UInt8]] = []
        for event in Events.all {
            var resolution = Resolution()
            table.resolve(event, into: &resolution)
            for postback in resolution.postbacks {
                promise(table.postback(forKey: postback.keyBytes) != nil, "\(postback.key) is found by its key")
                let context = RenderContext(attempt: 1, now: 1_700_000_000_000, random: 42)
                var target: [UInt8] = []
                if (try? postback.renderTarget(event, context, into: &target)) != nil {
                    promise(target.first == UInt8(ascii: "/"), "a target begins with /")
                    promise(target.allSatisfy { $0 > 0x20 && $0 < 0x7f }, "a request line holds no blanks or controls")
                    targets.append(target)
                }
                _ = try? postback.maskedURL(event, context)
                var lines: [[UInt8]] = []
                if (try? postback.renderHeaders(event, context, into: &lines)) != nil {
                    promise(!lines.joined().contains { [0, 10, 13].contains($0) }, "no line end in a header")
                }
                var body: [UInt8] = []
                _ = try? postback.renderBody(event, context, into: &body)
            }
        }
        return targets
    }
}

/// Events of publisher 1, of an offer and of a smartlink of his.
enum Events {
    static let all: [ConversionEvent] = [
        #"{"id":"e1","publisher_id":"1","click_id":"c1"}"#,
        #"{"id":"e2","publisher_id":"1","offer_id":"2","smartlink_id":3,"click_id":"a b&c=d\u0000\r\n","payout":{"amount":"1.25","currency":"EUR"},"#
            + #""occurred_at":"2026-01-02T03:04:05Z","status":"rejected","sub_ids":{"a":"1"},"parameters":{"x":true}}"#,
    ].map { event($0) }

    static func event(_ json: String) -> ConversionEvent {
        var event = ConversionEvent()
        let fault = exactly(Array(json.utf8)) { span -> EventFault? in
            do throws(EventFault) {
                try event.decode(span)
                return nil
            } catch {
                return error
            }
        }
        if let fault { fatalError("an event of the fuzzer's own: \(fault)") }
        return event
    }
}
