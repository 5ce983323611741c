import TestSupport

/// Dead letters as a worker would have left them, put straight into their queue.
enum DeadLetterSeed {
    static let reasons = ["rejected", "exhausted", "expired", "missing_token", "blocked_destination"]
    static let statuses: [Int64?] = [404, 503, 500, nil, nil]

    /// Letter number `index` of a mixed lot: five reasons, three publishers, two offers, four hosts, an invalid event in
    /// every hundred, and one that the broker made.
    static func message(_ index: Int, url: String? = nil, replayedFrom: String? = nil) -> TestMessage {
        if index % 100 == 98 { return invalid(index) }
        if index % 100 == 99 { return poison(index) }
        let publisher = String(1 + index % 3)
        let kind = index % 5
        let template = url ?? "http://h\(index % 4).example/pb?cid={{click_id}}"
        var headers = [
            AMQPField("x-network", .text("its own")),
            AMQPField("x-postback-route", .text("\(publisher)/global/default")),
            AMQPField("x-postback-attempt", .long(3)),
            AMQPField("x-postback-first-attempt-at", .text("2026-11-20T00:00:00.000Z")),
            AMQPField("x-postback-reason", .text(reasons[kind])),
            AMQPField("x-postback-last-error", .text("trouble number \(kind)")),
            AMQPField(
                "x-postback-history",
                .text(
                    #"[{"attempt":1,"at":"2026-11-20T00:00:00.000Z","ms":12,"status":503,"error":"status 503"},"#
                        + #"{"attempt":2,"at":"2026-11-20T00:00:30.000Z","ms":9,"error":"connection refused","sends":0}]"#
                )
            ),
            AMQPField("x-postback-url", .text(template.replacingOccurrences("{{click_id}}", "ev-\(index)"))),
            AMQPField("x-postback-template", .text(template)),
            AMQPField("x-postback-failed-at", .text(time(index))),
        ]
        if let status = statuses[kind] { headers.append(AMQPField("x-postback-last-status", .long(status))) }
        if let replayedFrom { headers.append(AMQPField("x-postback-replayed-from", .text(replayedFrom))) }
        return TestMessage(
            Conversions.event("ev-\(index)", publisher: publisher, more: #","offer_id":"\#(5000 + index % 2)""#),
            headers: headers
        )
    }

    static func lot(_ count: Int, from first: Int = 0, url: String? = nil) -> [TestMessage] {
        (first..<first + count).map { message($0, url: url) }
    }

    /// A lot without the invalid ones and the broker's: all have a route.
    static func routed(_ count: Int, url: String? = nil) -> [TestMessage] {
        (0..<count).map { message($0 / 98 * 100 + $0 % 98, url: url) }
    }

    private static func invalid(_ index: Int) -> TestMessage {
        TestMessage(
            #"{"id":"ev-\#(index)","publisher_id":"1"#,
            headers: [
                AMQPField("x-postback-attempt", .long(0)), AMQPField("x-postback-reason", .text("invalid_event")),
                AMQPField("x-postback-last-error", .text("the body ends within a string")),
                AMQPField("x-postback-failed-at", .text(time(index))),
            ]
        )
    }

    private static func poison(_ index: Int) -> TestMessage {
        TestMessage(
            Conversions.event("ev-\(index)"),
            headers: [
                AMQPField("x-first-death-reason", .text("delivery_limit")),
                AMQPField("x-first-death-queue", .text("postback.conversions")),
            ]
        )
    }

    /// One letter a second from midnight of 2026-11-21 on.
    private static func time(_ index: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        let day = 21 + index / 86_400
        return "2026-11-\(two(day))T\(two(index / 3600 % 24)):\(two(index / 60 % 60)):\(two(index % 60)).000Z"
    }
}

extension String {
    /// Foundation's, without Foundation.
    fileprivate func replacingOccurrences(_ part: String, _ other: String) -> String {
        split(separator: part, omittingEmptySubsequences: false).joined(separator: other)
    }
}

extension TestMessage {
    /// The id of its event, also of one that is cut off.
    var eventID: String {
        guard let start = text.firstRange(of: #""id":""#) else { return "" }
        return String(text[start.upperBound...].prefix { $0 != "\"" })
    }
}

extension Scenario {
    /// The broker objects, the configuration and these letters.
    func seed(_ letters: [TestMessage]) throws {
        try writeFiles()
        let run = try CommandRun(["topology", "declare"], in: folder)
        guard run.exitCode == 0 else { throw TimedOut(run.errors) }
        try amqp().publish(letters, exchange: "", key: topology.deadLetters)
    }

    func deadLettersCommand(_ arguments: String..., environment: [String: String?] = [:]) throws -> CommandRun {
        try CommandRun(["dead-letters"] + arguments, in: folder, environment: environment)
    }

    /// Everything that lies ready in a queue, once it is at rest.
    func take(_ queue: String) throws -> [TestMessage] { try amqp().drain(queue) }
}
