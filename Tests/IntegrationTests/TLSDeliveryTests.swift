import TestSupport
import Testing

/// `https://` destinations as the worker's configuration sees them.
@Suite(.light, .timeLimit(Patience.limit))
struct TLSDeliveryTests {
    @Test("the operator's own authority is trusted; an expired or foreign certificate is told in words")
    func certificates() throws {
        let certificates = try TestCertificates()
        defer { certificates.folder.remove() }
        // The last asks for a certificate of the worker's.
        let kinds = [
            ("good", ""), ("expired", "certificate has expired"), ("own", "self-signed certificate"), ("client", ""),
        ]
        let servers = try kinds.map { name, _ in
            try TLSServer(
                certificates,
                certificate: name == "client" ? "good" : name,
                options: name == "client" ? "-Verify 1 -verify_return_error -CAfile ca.pem" : ""
            )
        }
        defer { for server in servers { server.stop() } }
        try Scenario.run { scenario in
            scenario.configuration["retry.attempts"] = "1"
            scenario.configuration["egress.tls"] =
                "{ ca: \(certificates.file("ca.pem")), cert: \(certificates.file("client.pem")), "
                + "key: \(certificates.file("client.key")) }"
            var routes: [String: String] = [:]
            for ((name, _), server) in zip(kinds, servers) {
                routes[name] = Scenario.global("https://localhost:\(server.port)/?cid={{click_id}}")
            }
            // The certificate is of another host.
            routes["host"] = Scenario.global("https://127.0.0.1:\(servers[0].port)/?cid={{click_id}}")
            try scenario.writeRoutes(routes)
            let worker = try scenario.startWorker()
            try scenario.publish(routes.keys.map { Conversions.message($0, publisher: $0) })
            let letters = try scenario.deadLetters(3)
            for (name, words) in kinds + [("host", "target host name '127.0.0.1'")] where !words.isEmpty {
                let letter = try #require(letters.first { $0.text.contains(#""id":"\#(name)""#) }, "\(name)")
                #expect(letter.text("x-postback-reason") == "exhausted")
                let error = letter.text("x-postback-last-error") ?? ""
                #expect(error.contains(words), "\(name): \(error)")
            }
            try eventually("the others are delivered") {
                try worker.metric(#"events_total{outcome="delivered"}"#) == 2
            }
        }
    }

    @Test("a file that cannot be read stops the start, and check names it")
    func unreadable() throws {
        try Scenario.run { scenario in
            scenario.configuration["egress.tls"] = "{ ca: missing.pem }"
            try scenario.writeFiles()
            let check = try CommandRun(["check", "-c", "postback.yaml"], in: scenario.folder)
            #expect(check.exitCode == 2)
            #expect(check.output.contains("missing.pem cannot be read: No such file or directory"), "\(check.output)")
            let worker = try scenario.startWorker(ready: false)
            #expect(worker.waitForEnd(within: 20) == .exited(2), "\(worker.logText)")
            #expect(worker.logText.contains("missing.pem cannot be read"), "\(worker.logText)")
        }
    }
}
