import Foundation
import RabbitMQ
import TestSupport
import Testing

/// What the worker writes to the delivery log.
@Suite(.light, .timeLimit(Patience.limit))
struct DeliveryLogTests {
    @Test("each way for a delivery to go leaves a record of its own that fits the schema")
    func verdicts() throws {
        let port = try ClosedPort()
        try Scenario.run { scenario in
            scenario.configuration["retry.first_delay"] = "1h"
            scenario.configuration["egress.deny"] = "[\"127.0.0.9\"]"
            try scenario.writeRoutes([
                "ok": Scenario.global("TRACKER/pb?cid={{click_id}}&token=hush-hush-hush"),
                "no": Scenario.global("TRACKER/status/404?cid={{click_id}}"),
                "later": Scenario.global("TRACKER/status/503?cid={{click_id}}"),
                "shut": Scenario.global("http://127.0.0.1:\(port.number)/pb?cid={{click_id}}"),
                "away": Scenario.global("http://127.0.0.9/pb?cid={{click_id}}"),
                "picky": "{ global: { url: \"TRACKER/pb?cid={{click_id}}\", when: { types: [sale] } } }",
                "mute": "{ global: { suppress: true } }",
            ])
            let worker = try scenario.startWorker(name: "w\"1")
            let publishers = ["ok", "no", "later", "shut", "away", "picky", "mute", "unknown"]
            try scenario.publish(
                publishers.map {
                    Conversions.message(
                        "e-\($0)",
                        publisher: $0,
                        more: #","offer_id":"7","occurred_at":"2026-01-01T00:00:00Z""#
                    )
                } + [
                    TestMessage(#"{"id":"e-token","publisher_id":"ok","test":true}"#), TestMessage("{nonsense"),
                    TestMessage(
                        Conversions.event("e-gone", publisher: "ok"),
                        headers: [
                            AMQPField("x-postback-route", .text("ok/global/other")),
                            AMQPField("x-postback-replayed-from", .text("20261126T081500Z-4f2a")),
                        ]
                    ),
                ]
            )
            let records = try scenario.records(11)
            #expect(records.count == 11)
            for record in records { #expect(try DeliverySchema().failures(in: record.text) == [], "\(record.text)") }
            func record(_ event: String) -> LogRecord? { records.first { $0["event_id"] == event } }
            let ok = try #require(record("e-ok"))
            #expect(ok.head == "attempt delivered delivered 1")
            #expect(ok["url"]?.hasSuffix("/pb?cid=e-ok&token=***") == true, "\(ok.text)")
            #expect(ok["peer"] == "127.0.0.1" && ok["host"] == "127.0.0.1" && ok["route"] == "ok/global/default")
            #expect(ok["offer_id"] == "7" && ok["replica"] == "w\"1" && ok["reason"] == nil && ok["answer"] == nil)
            #expect(ok.number("status") == 200 && ok.number("sends") == 1 && (ok.number("age_ms") ?? 0) > 0)
            #expect(ok.times["total"] != nil && ok.times["queue"] != nil && ok.times["connect"] != nil)
            #expect((ok.times["total"] ?? 0) >= (ok.times["first_byte"] ?? 0))
            let no = try #require(record("e-no"))
            #expect(no.head == "attempt rejected dead_letter 1")
            #expect(no["dead_letter"] == "rejected" && no["reason"] == "status 404" && no["answer"] != nil)
            let later = try #require(record("e-later"))
            #expect(later.head == "attempt retry retry 1")
            #expect(later["next_at"] != nil)
            let shut = try #require(record("e-shut"))
            #expect(shut.head == "attempt retry retry 1")
            #expect(shut["error"] != nil && shut.number("status") == nil && shut.number("sends") == 0)
            let away = try #require(record("e-away"))
            #expect(away.head == "attempt blocked dead_letter 1" && away["dead_letter"] == "blocked_destination")
            let picky = try #require(record("e-picky"))
            #expect(picky.head == "not_sent filtered not_sent -" && picky["rule"] == "type")
            #expect(picky["route"] == "picky/global/default")
            #expect(record("e-mute")?.head == "not_sent suppressed not_sent -")
            #expect(record("e-unknown")?.head == "not_sent no_route not_sent -")
            let token = try #require(record("e-token"))
            #expect(token.head == "not_sent missing_token dead_letter -" && token.text.contains(#""test":true"#))
            let gone = try #require(record("e-gone"))
            #expect(gone.head == "not_sent route_removed dead_letter -")
            #expect(gone["route"] == "ok/global/other" && gone["replay"] == "20261126T081500Z-4f2a")
            #expect(records.first { $0["event_id"] == nil }?.head == "not_sent invalid_event dead_letter -")
            #expect(!records.contains { $0.text.contains("hush") })
            try eventually("all are counted") { try worker.metric("delivery_records_written_total") == 11 }
            #expect(try worker.metric("delivery_records_dropped_total") == 0)
        }
    }

    @Test("failures leaves out what was delivered and what has no route; none writes nothing")
    func modes() throws {
        for (mode, expected) in [("failures", ["e-no", "e-picky"]), ("none", [])] {
            try Scenario.run { scenario in
                scenario.configuration["deliveries.log"] = mode
                try scenario.writeRoutes([
                    "ok": Scenario.global("TRACKER/pb?cid={{click_id}}"),
                    "no": Scenario.global("TRACKER/status/404?cid={{click_id}}"),
                    "picky": "{ global: { url: \"TRACKER/pb?cid={{click_id}}\", when: { types: [sale] } } }",
                ])
                let worker = try scenario.startWorker()
                try scenario.publish(
                    ["ok", "no", "picky", "unknown"].map { Conversions.message("e-\($0)", publisher: $0) }
                )
                try eventually("all are over") {
                    try worker.metrics().filter { $0.key.hasPrefix("postback_events_total") }.values.reduce(0, +) == 4
                }
                #expect(worker.stop() == 0)
                let records = try scenario.records(expected.count)
                #expect(records.compactMap { $0["event_id"] }.sorted() == expected)
            }
        }
    }

    @Test("without the stream deliveries go on and the worker ends in time; the bound drops what is too much")
    func streamMissing() throws {
        try Scenario.run { scenario in
            scenario.configuration["broker.topology"] = "skip"
            scenario.configuration["dispatch.per_host"] = "500"
            try scenario.topology.declare(scenario.amqp())
            let worker = try scenario.startWorker()
            #expect(try scenario.amqp().depth(of: scenario.topology.deliveries) == nil)
            let count = 24_000
            for part in 0..<12 {
                try scenario.publish(Conversions.messages(count / 12, prefix: "e\(part)"))
            }
            try eventually("all are delivered", within: 120) {
                try worker.metric(#"events_total{outcome="delivered"}"#) == count
            }
            #expect(worker.hasLogged("the delivery log waits for the broker"))
            try eventually("what is too much was dropped") { try worker.metric("delivery_records_dropped_total") > 0 }
            #expect(try worker.metric("delivery_records_dropped_total") < count)
            let watch = Stopwatch()
            #expect(worker.stop() == 0)
            // Far from the minute that it has to drain.
            #expect(watch.seconds < 45)
            #expect(try scenario.amqp().depth(of: scenario.topology.conversions)?.ready == 0)
        }
    }

    @Test("a stream that goes away and comes back is written again")
    func streamBack() throws {
        try Scenario.run { scenario in
            let worker = try scenario.startWorker()
            try scenario.publish([Conversions.message("e1")])
            #expect(try scenario.records(1).map { $0["event_id"] } == ["e1"])
            try scenario.amqp().delete(queue: scenario.topology.deliveries)
            try scenario.publish([Conversions.message("e2")])
            try eventually("it is noticed") { worker.hasLogged("the delivery log waits for the broker") }
            try scenario.amqp().declare(
                queue: scenario.topology.deliveries,
                [AMQPField("x-queue-type", .text("stream"))]
            )
            try scenario.publish([Conversions.message("e3")])
            let records = try scenario.records(1, where: { $0["event_id"] == "e3" })
            #expect(records.count == 1)
            try eventually("all are delivered") { try worker.metric(#"events_total{outcome="delivered"}"#) == 3 }
        }
    }

    @Test("the worker's last records are in the log when it has ended")
    func flushedAtTheEnd() throws {
        try Scenario.run { scenario in
            let worker = try scenario.startWorker()
            // The log is open.
            try scenario.publish([Conversions.message("first")])
            try eventually("its first record is there") { try worker.metric("delivery_records_written_total") == 1 }
            try scenario.publish(Conversions.messages(500, prefix: "e"))
            try scenario.waitForRequests(501)
            #expect(worker.stop() == 0)
            #expect(try Set(scenario.records(501).compactMap { $0["event_id"] }).count == 501)
        }
    }

    @Test("a retry carries its replay into every record, and counts its attempts")
    func replayCarried() throws {
        try Scenario.run { scenario in
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/fail-first/1?cid={{click_id}}")])
            _ = try scenario.startWorker()
            try scenario.publish([
                TestMessage(
                    Conversions.event("e1"),
                    headers: [
                        AMQPField("x-postback-route", .text("1/global/default")),
                        AMQPField("x-postback-replayed-from", .text("r-1")),
                    ]
                )
            ])
            let records = try scenario.records(2)
            #expect(records.map(\.head) == ["attempt retry retry 1", "attempt delivered delivered 2"])
            #expect(records.map { $0["replay"] } == ["r-1", "r-1"])
        }
    }
}

/// One record as it stands in the stream.
struct LogRecord {
    let text: String
    private let members: [String: Any]

    init(_ body: [UInt8]) {
        text = String(decoding: body, as: UTF8.self)
        members = (try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]) ?? [:]
    }

    subscript(_ name: String) -> String? { members[name] as? String }
    func number(_ name: String) -> Double? { (members[name] as? NSNumber)?.doubleValue }
    var times: [String: Double] { (members["ms"] as? [String: NSNumber] ?? [:]).mapValues(\.doubleValue) }

    /// Kind, verdict, end and attempt.
    var head: String {
        let attempt = number("attempt").map { "\(Int($0))" } ?? "-"
        return "\(self["kind"] ?? "-") \(self["verdict"] ?? "-") \(self["end"] ?? "-") \(attempt)"
    }
}

extension Scenario {
    /// Waits for so many records in the delivery log, and gives all that are there.
    func records(
        _ count: Int,
        within seconds: Double = 30,
        where fits: (LogRecord) -> Bool = { _ in true }
    ) throws -> [LogRecord] {
        let url = try BrokerURL(parsing: broker.url)
        var records: [LogRecord] = []
        try eventually("\(count) records", within: seconds, state: { records.map(\.text) }) {
            records = []
            guard
                let reader = try? StreamReader(
                    url,
                    tls: BrokerTLS(),
                    name: "test",
                    stream: topology.deliveries,
                    from: .first
                )
            else { return false }
            defer { reader.close() }
            while true {
                let more = try reader.next(waiting: 300)
                if more.isEmpty { break }
                records += more.map { LogRecord($0.body) }.filter(fits)
            }
            return records.count >= count
        }
        return records
    }
}
