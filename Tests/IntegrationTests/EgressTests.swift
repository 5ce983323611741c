import Foundation
import Synchronization
import TestSupport
import Testing

/// Hostile URLs, names and redirects against the worker: the files in `Corpus` say what must become of each. At
/// 127.0.0.2 stands a server that is allowed; on the same port of 127.0.0.1 and ::1 stand servers that nobody may reach.
@Suite(.light, .timeLimit(Patience.limit))
struct EgressTests {
    private struct Letter {
        let reason: String?
        let error: String
    }

    @Test("of 200 hostile URLs check tells each, and no event that has one reaches the inside")
    func urls() throws {
        try surround { scenario, servers in
            let lines = try Corpus.lines(of: "urls.txt", columns: 3)
            #expect(lines.count >= 200)
            var refused: [String: String] = [:]
            var blocked: [String: String] = [:]
            for (number, line) in lines.enumerated() {
                let url = String(decoding: Corpus.url(line[2], port: servers.port), as: UTF8.self)
                let route = "{ global: { url: \(try Self.quoted(url)) } }"
                if line[0] == "error" { refused["u\(number)"] = route } else { blocked["u\(number)"] = route }
            }

            try scenario.writeRoutes(refused)
            let errors = try check(scenario, exitCode: 2).filter { $0.severity == "error" }
            for name in refused.keys {
                #expect(errors.contains { $0.path == "publishers.\(name).global.url" }, "\(refused[name] ?? "")")
            }

            try scenario.writeRoutes(blocked)
            let warnings = try check(scenario, exitCode: 0)
            for name in blocked.keys {
                #expect(
                    warnings.contains {
                        $0.path == "publishers.\(name).global.url" && $0.message.contains("will be refused")
                            && $0.line != nil
                    },
                    "\(blocked[name] ?? "")"
                )
            }
            _ = try scenario.startWorker()
            try scenario.publish(blocked.keys.map { Conversions.message($0, publisher: $0) })
            let letters = try self.letters(scenario, count: blocked.count)
            for name in blocked.keys {
                let letter = try #require(letters[name])
                #expect(letter.reason == "blocked_destination", "\(blocked[name] ?? ""): \(letter.error)")
            }
        }
    }

    @Test("a redirect to any of them is followed no further")
    func redirects() throws {
        let locations = Mutex<[String: [UInt8]]>([:])
        try surround(answer: { connection in
            while true {
                let path = try connection.read().line.split(separator: " ")[1].prefix { $0 != "?" }
                guard let location = locations.withLock({ $0[String(path.dropFirst())] }) else {
                    try connection.answer("204 No Content")
                    continue
                }
                let head = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "
                try connection.stream.write(Array(head.utf8) + location + Array("\r\n\r\n".utf8))
            }
        }) { scenario, servers in
            let lines = try Corpus.lines(of: "urls.txt", columns: 3)
            var expected: [String: String] = [:]
            var routes: [String: String] = [:]
            for (number, line) in lines.enumerated() where line[1] != "-" {
                let name = "u\(number)"
                let reasons = ["blocked": "blocked_destination", "invalid": "invalid_url"]
                expected[name] = reasons[line[1]] ?? line[1]
                locations.withLock { $0[name] = Corpus.url(line[2], port: servers.port) }
                let url = "http://127.0.0.2:\(servers.port)/\(name)?cid={{click_id}}"
                routes[name] = "{ global: { url: \"\(url)\", redirects: 3 } }"
            }
            // A chain: each hop leads to itself until the next would be the fourth.
            locations.withLock { $0["chain"] = Array("/chain?again".utf8) }
            routes["chain"] =
                "{ global: { url: \"http://127.0.0.2:\(servers.port)/chain?cid={{click_id}}\", redirects: 3 } }"
            expected["chain"] = "rejected"
            try scenario.writeRoutes(routes)
            _ = try scenario.startWorker()
            try scenario.publish(routes.keys.map { Conversions.message($0, publisher: $0) })
            let letters = try self.letters(scenario, count: routes.count)
            for (name, reason) in expected {
                let letter = try #require(letters[name])
                let location = locations.withLock { String(decoding: $0[name] ?? [], as: UTF8.self) }
                #expect(letter.reason == reason, "\(location): \(letter.error)")
            }
            #expect(servers.allowed.requests.all.count == routes.count + 3)
        }
    }

    @Test("of what a name server says only permitted addresses are dialled, also when it says something else later")
    func names() throws {
        let lines = try Corpus.lines(of: "names.txt", columns: 3)
        let table = Dictionary(
            uniqueKeysWithValues: lines.map { ($0[1], $0[2].split(separator: " ").map(String.init)) }
        )
        let moved = Signal()
        try surround(names: { name in
            if name == "rebind.test" {
                return .addresses([moved.all.isEmpty ? "127.0.0.2" : "127.0.0.1"], timeToLive: 0)
            }
            switch table[name] {
            case ["NXDOMAIN"]?, nil: return .failure(code: 3)
            case ["SERVFAIL"]?: return .failure(code: 2)
            case ["REFUSED"]?: return .failure(code: 5)
            case let addresses?: return .addresses(addresses, timeToLive: 60)
            }
        }) { scenario, servers in
            scenario.configuration["retry.attempts"] = "1"
            var routes = Dictionary(
                uniqueKeysWithValues: table.keys.map {
                    ($0, Scenario.global("http://\($0):\(servers.port)/pb?cid={{click_id}}"))
                }
            )
            routes["rebind.test"] = Scenario.global("http://rebind.test:\(servers.port)/pb?cid={{click_id}}")
            try scenario.writeRoutes(routes)
            let worker = try scenario.startWorker()
            try scenario.publish([Conversions.message("before", publisher: "rebind.test")])
            try eventually("the name's first address is reached") {
                servers.allowed.requests.all.contains { $0.line.contains("cid=before") }
            }
            moved.give()
            let movedAt = Stopwatch()

            try scenario.publish(table.keys.map { Conversions.message($0, publisher: $0) })
            let delivered = lines.filter { $0[0] == "delivered" }
            let letters = try self.letters(scenario, count: lines.count - delivered.count)
            for line in lines where line[0] != "delivered" {
                let letter = try #require(letters[line[1]], "\(line[1])")
                let reason = line[0] == "blocked" ? "blocked_destination" : "exhausted"
                #expect(letter.reason == reason, "\(line[1]): \(letter.error)")
            }
            try eventually("the others are delivered") {
                try worker.metric(#"events_total{outcome="delivered"}"#) == delivered.count + 1
            }

            // An answer holds for at least five seconds; nobody can shorten that.
            while movedAt.seconds < 6 { usleep(50_000) }
            try scenario.publish([Conversions.message("after", publisher: "rebind.test")])
            let rebound = try self.letters(scenario, count: 1)
            #expect(rebound["after"]?.reason == "blocked_destination")
            #expect(servers.allowed.requests.all.count == delivered.count + 1)
        }
    }

    // MARK: The surroundings

    private struct Servers {
        let allowed: ScriptedServer
        let port: UInt16
    }

    /// - Parameters:
    ///   - answer: of the server at 127.0.0.2.
    ///   - names: what the name server says; nothing exists unless told otherwise.
    private func surround(
        answer: @escaping @Sendable (ScriptedServer.Connection) throws -> Void = { try $0.serve() },
        names: @escaping @Sendable (String) -> NameServer.Answer = { _ in .failure(code: 3) },
        _ body: (Scenario, Servers) throws -> Void
    ) throws {
        let allowed = try ScriptedServer(address: "127.0.0.2", answer)
        let forbidden = try ["127.0.0.1", "::1", "127.0.0.3"].map {
            try ScriptedServer(address: $0, port: allowed.port)
        }
        let nameServer = try NameServer(names)
        defer {
            for server in forbidden + [allowed] { server.stop() }
            nameServer.stop()
        }
        try Scenario.run { scenario in
            scenario.configuration["egress.allow_private"] = "false"
            scenario.configuration["egress.allow"] = "[127.0.0.2]"
            // The usual four, and that of the servers.
            scenario.configuration["egress.ports"] = "[80, 443, 8080, 8443, \(allowed.port)]"
            scenario.configuration["egress.name_servers"] = "[\"\(nameServer.address)\"]"
            try body(scenario, Servers(allowed: allowed, port: allowed.port))
        }
        for server in forbidden { #expect(server.accepted.all.isEmpty) }
    }

    /// Waits for dead letters; by the id of their event.
    private func letters(_ scenario: Scenario, count: Int) throws -> [String: Letter] {
        var letters: [String: Letter] = [:]
        for letter in try scenario.deadLetters(count, within: 40) {
            let event = try JSONSerialization.jsonObject(with: Data(letter.text.utf8)) as? [String: Any]
            letters[event?["id"] as? String ?? ""] = Letter(
                reason: letter.text("x-postback-reason"),
                error: letter.text("x-postback-last-error") ?? ""
            )
        }
        return letters
    }

    // MARK: check

    private struct Told: Decodable {
        struct Fault: Decodable {
            let severity: String
            let line: Int?
            let path: String
            let message: String
        }

        let faults: [Fault]
    }

    private func check(_ scenario: Scenario, exitCode: Int32) throws -> [Told.Fault] {
        try scenario.writeFiles()
        let run = try CommandRun(["check", "-c", "postback.yaml", "--json"], in: scenario.folder)
        #expect(run.exitCode == exitCode, "\(run.errors)")
        return try JSONDecoder().decode(Told.self, from: Data(run.output.utf8)).faults
    }

    /// As YAML and JSON write it.
    private static func quoted(_ text: String) throws -> String {
        let data = try JSONSerialization.data(
            withJSONObject: text,
            options: [.fragmentsAllowed, .withoutEscapingSlashes]
        )
        return String(decoding: data, as: UTF8.self)
    }
}
