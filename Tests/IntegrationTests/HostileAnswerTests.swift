import Foundation
import TestSupport
import Testing

/// Answers that nobody should send: what the worker makes of each, and what they cost it.
@Suite(.light, .timeLimit(Patience.limit))
struct HostileAnswerTests {
    private struct Case: Sendable {
        let name: String
        /// `delivered`, or the reason of the dead letter after the one attempt.
        let end: String
        /// What the last error holds.
        var words = ""
        /// Of its route. Short only where it is waited for; longer where the status line must come before.
        var timeout = "60s"
        let answer: @Sendable (LoopbackStream) throws -> Void
    }

    private static func text(_ text: String) -> @Sendable (LoopbackStream) throws -> Void {
        { try $0.write(Array(text.utf8)) }
    }

    private static func endless(_ start: String, _ more: String) -> @Sendable (LoopbackStream) throws -> Void {
        { stream in
            try stream.write(Array(start.utf8))
            while true { try stream.write(Array(more.utf8)) }
        }
    }

    private static func trickle(_ start: String) -> @Sendable (LoopbackStream) throws -> Void {
        { stream in
            try stream.write(Array(start.utf8))
            while true {
                try stream.write([0x61])
                sleep(1)
            }
        }
    }

    /// A status line that came decides, however the rest breaks off; without one the outcome is unknown.
    private static func cases(bomb: [UInt8]) -> [Case] {
        let long = String(repeating: "a", count: 8000)
        let bombHead = "HTTP/1.1 200 OK\r\nContent-Length: \(bomb.count)\r\nContent-Encoding: gzip\r\n\r\n"
        let chunkedBombHead =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n\(String(bomb.count, radix: 16))\r\n"
        return [
            Case(name: "headers", end: "rejected", answer: endless("HTTP/1.1 404 No\r\n", "A: b\r\n")),
            Case(name: "long-headers", end: "delivered", answer: endless("HTTP/1.1 200 OK\r\n", "A: \(long)\r\n")),
            Case(
                name: "interim",
                end: "exhausted",
                words: "unknown_outcome",
                answer: endless("", "HTTP/1.1 102 Processing\r\n\r\n")
            ),
            Case(name: "status-line", end: "exhausted", answer: endless("HTTP/1.1 200 ", long)),
            Case(name: "body", end: "delivered", answer: endless("HTTP/1.1 200 OK\r\n\r\n", long)),
            Case(
                name: "chunks",
                end: "delivered",
                answer: endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1f40\r\n\(long)\r\n")
            ),
            Case(
                name: "bomb",
                end: "delivered",
                answer: { try $0.write(Array(bombHead.utf8) + bomb) }
            ),
            Case(
                name: "chunked-bomb",
                end: "delivered",
                answer: { try $0.write(Array(chunkedBombHead.utf8) + bomb + Array("\r\n0\r\n\r\n".utf8)) }
            ),
            Case(
                name: "slow-body",
                end: "delivered",
                timeout: "6s",
                answer: trickle("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
            ),
            Case(
                name: "slow-head",
                end: "exhausted",
                words: "unknown_outcome",
                timeout: "2s",
                answer: trickle("HTTP/1.1 2")
            ),
            Case(
                name: "early-close",
                end: "delivered",
                answer: text("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nab")
            ),
            Case(name: "negative", end: "delivered", answer: text("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nab")),
            Case(
                name: "two-lengths",
                end: "delivered",
                answer: text("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 900\r\n\r\nab")
            ),
            Case(
                name: "bad-chunk",
                end: "delivered",
                answer: text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n")
            ),
            Case(name: "silence", end: "exhausted", words: "unknown_outcome", answer: { _ in }),
            Case(
                name: "garbage",
                end: "exhausted",
                words: "unknown_outcome",
                answer: text("\0\u{1}\u{2}nonsense\r\n\r\n")
            ),
            Case(name: "http-0.9", end: "exhausted", words: "unknown_outcome", answer: text("<html>it works</html>")),
            Case(name: "half-line", end: "exhausted", words: "unknown_outcome", answer: text("HTTP/1.1")),
            Case(name: "no-status", end: "exhausted", words: "unknown_outcome", answer: text("HTTP/1.1 OK\r\n\r\n")),
        ]
    }

    @Test("endless, tiny, compressed and broken answers end in time with the right verdict, and cost no memory")
    func answers() throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        // 32 MiB of zeros in some 32 KiB.
        try folder.write([UInt8](repeating: 0, count: 32 << 20), to: "zeros")
        #expect(try ChildProcess("/bin/gzip", [folder.file("zeros")]).waitForEnd(within: 60) == .exited(0))
        let cases = Self.cases(bomb: Array(try Data(contentsOf: URL(fileURLWithPath: folder.file("zeros.gz")))))
        let server = try ScriptedServer { connection in
            let path = try connection.read().line.split(separator: " ")[1].prefix { $0 != "?" }.dropFirst()
            try cases.first { $0.name == path }?.answer(connection.stream)
        }
        defer { server.stop() }
        try Scenario.run { scenario in
            scenario.configuration["retry.attempts"] = "1"
            var routes: [String: String] = [:]
            for item in cases {
                let url = "http://127.0.0.1:\(server.port)/\(item.name)?cid={{click_id}}"
                routes[item.name] = "{ global: { url: \"\(url)\", timeout: \(item.timeout) } }"
            }
            try scenario.writeRoutes(routes)
            let worker = try scenario.startWorker()
            var memory: [Int] = []
            for round in 0..<3 {
                // The first round warms up; after it memory may not grow with what is sent.
                let copies = round == 0 ? 1 : 8
                let messages = cases.flatMap { item in
                    (0..<copies).map { Conversions.message("\(item.name)-\(round)-\($0)", publisher: item.name) }
                }
                try scenario.publish(messages)
                let lost = cases.filter { $0.end != "delivered" }
                let letters = try scenario.deadLetters(lost.count * copies, within: 40)
                for item in lost {
                    let own = letters.filter { $0.text.contains(#""publisher_id":"\#(item.name)""#) }
                    #expect(own.count == copies, "\(item.name)")
                    for letter in own {
                        let error = letter.text("x-postback-last-error") ?? ""
                        #expect(letter.text("x-postback-reason") == item.end, "\(item.name): \(error)")
                        #expect(item.words.isEmpty || error.contains(item.words), "\(item.name): \(error)")
                    }
                }
                memory.append(worker.residentBytes)
            }
            let delivered = cases.count { $0.end == "delivered" } * 17
            try eventually("the others are delivered") {
                try worker.metric(#"events_total{outcome="delivered"}"#) == delivered
            }
            // An answer kept whole would be 32 MiB, or without end.
            #expect(memory[2] - memory[1] < 24 << 20, "\(memory)")
            #expect(memory[2] < 400 << 20, "\(memory)")
        }
    }

    @Test("variables that name a proxy, or exempt from one, are not looked at")
    func environment() throws {
        let trap = try ScriptedServer()
        defer { trap.stop() }
        try Scenario.run { scenario in
            try scenario.writeFiles()
            let url = "http://127.0.0.1:\(trap.port)"
            let worker = try WorkerUnderTest(
                in: scenario.folder,
                environment: [
                    "http_proxy": url, "HTTP_PROXY": url, "ALL_PROXY": url, "all_proxy": url, "no_proxy": "*",
                ]
            )
            defer { worker.kill9() }
            try worker.waitUntilReady()
            try scenario.publish([Conversions.message("direct")])
            try scenario.waitForRequests(1)
        }
        #expect(trap.accepted.all.isEmpty)
    }
}
