import Documents
import Settings
import Testing

@Suite("Faults of the configuration say where, what and what is allowed")
struct SettingsFaultTests {
    /// The text of all faults of a file called `f`.
    private func faults(_ text: String, _ environment: [String: String] = [:]) -> String {
        do {
            _ = try WorkerSettings.parse(text, file: "f", environment: environment)
            return ""
        } catch {
            return error.description
        }
    }

    @Test("a file with ten faults reports ten, in the order of the lines")
    func reportsAll() {
        let text = """
            broker:
              url: "http://guest:hunter2@127.0.0.1"
              prefetch: 0
              topolgy: verify
            dispatch: { timeout: 5, lanes: "2" }
            retry:
              timeout: 5s
              factor: nan
            egress: { ports: [80, "9-8"], deny: 10.0.0.0/8 }
            names: { prefix: amq.x }
            """
        let expected = """
            f:2:8: error: broker.url: must be a URL that begins with amqp:// or amqps:// and holds no blanks
            f:3:13: error: broker.prefetch: must be a whole number from 1 to 65535; it is "0"
            f:4:3: error: broker.topolgy: is not a key of "broker"; the keys are url, prefetch, topology, tls (did you mean "topology"?)
            f:5:22: error: dispatch.timeout: must be a duration from 100ms to 10m; it is "5" ("5" has no unit; write 5ms, 5s or 5m)
            f:5:32: error: dispatch.lanes: must be a whole number from 1 to 64; it is "2" (write it without quotation marks)
            f:7:3: error: retry.timeout: is not a key of "retry"; the keys are attempts, first_delay, factor, max_delay, jitter, max_age (there is "dispatch.timeout")
            f:8:11: error: retry.factor: must be a number from 1 to 10; it is "nan"
            f:9:23: error: egress.ports[2]: must be a port from 1 to 65535 or a range such as 8000-8999; it is "9-8"
            f:9:37: error: egress.deny: must be a list of up to 1000 IP addresses and networks such as 10.0.0.0/8 (a list is written [a, b] or one "- a" a line)
            f:10:18: error: names.prefix: must be 1 to 60 letters, digits, ".", "_" and "-", not beginning with "amq."; it is "amq.x"
            """
        #expect(faults(text) == expected)
    }

    @Test("faults of variables name the variable, and come with those of the file")
    func reportsVariables() {
        let environment = [
            "POSTBACK_RETRY_ATTEMPTS": "", "POSTBACK_RETRY_ATEMPTS": "3", "POSTBACK_EGRESS_ALLOW": "10.0.0.0/8,x",
            "POSTBACK_SECRETS": "{", "POSTBACK_TOKENS_CUSTOM": #"{"a b":"c"}"#, "POSTBACK_RETRY_MODE": "x", "HOME": "/",
        ]
        let expected = """
            environment: error: POSTBACK_RETRY_ATTEMPTS: must be a whole number from 1 to 1000; it is empty
            environment: error: POSTBACK_EGRESS_ALLOW[2]: must be an IP address or network such as 10.1.2.3, 10.0.0.0/8 or fd00::/8; it is "x"
            environment: error: POSTBACK_TOKENS_CUSTOM.a b: the name "a b" must be a name of 1 to 100 letters, digits, ".", "_" and "-"
            environment: error: POSTBACK_TOKENS_CUSTOM.a b: must be a JSON Pointer such as /parameters/campaign/id; it is "c"
            environment: error: POSTBACK_SECRETS: is not JSON: the text ends too early: quotation marks or brackets are not closed (line 1, column 2)
            environment: error: POSTBACK_RETRY_ATEMPTS: is not a setting; variables are named after the keys, such as POSTBACK_RETRY_ATTEMPTS (did you mean POSTBACK_RETRY_ATTEMPTS?)
            environment: error: POSTBACK_RETRY_MODE: is not a setting; variables are named after the keys, such as POSTBACK_RETRY_ATTEMPTS
            f:1:15: error: log.level: must be trace, debug, info, notice, warning, error or critical; it is "warn" (did you mean "warning"?)
            """
        #expect(faults("log: { level: warn }", environment) == expected)
    }

    @Test("variables are checked even when the file is not YAML")
    func reportsVariablesOfBrokenFile() {
        let expected = """
            environment: error: POSTBACK_LOG_FORMAT: must be json or text; it is "xml"
            f:1:7: error: quotation marks or brackets that open here are not closed before the end
            """
        #expect(faults("mask: [a", ["POSTBACK_LOG_FORMAT": "xml"]) == expected)
    }

    @Test(
        "more lanes than they can share are refused",
        arguments: [
            (
                "dispatch: { lanes: 4, per_host: 3 }", [:],
                "f:1:11: error: dispatch: lanes (4) may not be more than per_host (3), which they share: lower lanes or raise per_host"
            ),
            (
                "dispatch: { concurrency: 3 }", ["POSTBACK_DISPATCH_LANES": "4"],
                "f:1:11: error: dispatch: lanes (4) may not be more than concurrency (3), which they share: lower lanes or raise concurrency"
            ),
            ("dispatch: { lanes: 4, per_host: 4, concurrency: 4 }", [:], ""),
        ] as [(String, [String: String], String)]
    )
    func refusesLanesWithoutShare(text: String, environment: [String: String], expected: String) {
        #expect(faults(text, environment) == expected)
    }

    @Test(
        "variables that others set for us are left alone",
        arguments: [
            ("POSTBACK_CONFIG", "/etc/postback.yaml"), ("POSTBACK_TEST_AMQP_URL", "x"),
            ("POSTBACK_SERVICE_HOST", "10.0.0.1"), ("POSTBACK_ADMIN_SERVICE_PORT_METRICS", "9464"),
            ("POSTBACK_PORT", "tcp://10.0.0.1:9464"), ("POSTBACK_PORT_9464_TCP_ADDR", "10.0.0.1"),
            ("POSTBACK_PORT_9464_TCP", "tcp://10.0.0.1:9464"), ("POSTBACK_PARTNER_HMAC", "x"), ("postback_x", "x"),
        ]
    )
    func leavesOthersAlone(name: String, value: String) {
        #expect(faults("secrets: { p: { env: POSTBACK_PARTNER_HMAC } }", [name: value]) == "")
    }

    @Test(
        "a variable that only looks like one of Kubernetes is refused",
        arguments: ["POSTBACK_ADMIN_PORT", "POSTBACK_ADMIN_PORT_X_TCP"]
    )
    func refusesNearLink(name: String) {
        #expect(faults("", [name: "9464"]).hasPrefix("environment: error: \(name): is not a setting"))
    }

    @Test(
        "what may be a password is never shown",
        arguments: [
            ("broker: { url: \"amqp:/u:hunter2@h\" }", "", ""), ("broker: { url: [hunter2] }", "", ""),
            ("broker: { url: { password: hunter2 } }", "", ""), ("egress: { proxy: \"ftp://u:hunter2@h\" }", "", ""),
            ("secrets: { a: hunter2 }", "", ""), ("secrets: { a: { env: \"hunter2 x\" } }", "", ""),
            ("", "POSTBACK_BROKER_URL", "hunter2"), ("", "POSTBACK_SECRETS", #"{"a":"hunter2"}"#),
            ("", "POSTBACK_SECRETS", "{\"a\":\thunter2 ]"), ("", "POSTBACK_EGRESS_PROXY", "hunter2"),
        ]
    )
    func hidesPasswords(text: String, variable: String, value: String) {
        let shown = faults(text, variable.isEmpty ? [:] : [variable: value])
        #expect(shown.contains("error: "))
        #expect(!shown.contains("hunter2"))
    }

    @Test(
        "a value of the wrong kind is refused at its place",
        arguments: [
            ("retry: 5", "f:1:8: error: retry: must be a mapping, not a value"),
            ("- a", "f:1:1: error: the configuration must be a mapping, not a list"),
            (
                "retry: { attempts: [1] }",
                "f:1:20: error: retry.attempts: must be a whole number from 1 to 1000; it is a list"
            ),
            (
                "retry: { attempts: 1.5 }",
                "f:1:20: error: retry.attempts: must be a whole number from 1 to 1000; it is \"1.5\""
            ),
            (
                "retry: { attempts: 012 }",
                "f:1:20: error: retry.attempts: must be a whole number from 1 to 1000; it is \"012\""
            ),
            (
                "retry: { attempts: }",
                "f:1:20: error: retry.attempts: has no value (write one, or delete the line to have the default)"
            ),
            ("retry: { jitter: 1.01 }", "f:1:18: error: retry.jitter: must be a number from 0 to 1; it is \"1.01\""),
            ("retry: { jitter: 0x1 }", "f:1:18: error: retry.jitter: must be a number from 0 to 1; it is \"0x1\""),
            (
                "egress: { allow_private: yes }",
                "f:1:26: error: egress.allow_private: must be true or false; it is \"yes\""
            ),
            (
                "egress: { allow: [10.0.0.1/33] }",
                "f:1:19: error: egress.allow[1]: must be an IP address or network such as 10.1.2.3, 10.0.0.0/8 or fd00::/8; it is \"10.0.0.1/33\""
            ),
            (
                "dispatch: { max_response: 64kib }",
                "f:1:27: error: dispatch.max_response: must be a size from 1KiB to 16MiB; it is \"64kib\" (\"64kib\" is not a size; write 64KiB)"
            ),
            (
                "dispatch: { max_response: 17MiB }",
                "f:1:27: error: dispatch.max_response: must be a size from 1KiB to 16MiB; it is \"17MiB\""
            ),
            (
                "dispatch: { timeout: 99ms }",
                "f:1:22: error: dispatch.timeout: must be a duration from 100ms to 10m; it is \"99ms\""
            ),
            (
                "deliveries: { max_age: 1500ms }",
                "f:1:24: error: deliveries.max_age: must be a duration from 1s to 3650d in whole seconds; it is \"1500ms\""
            ),
            (
                "admin: { listen: ':80' }",
                "f:1:18: error: admin.listen: must be HOST:PORT such as 127.0.0.1:9464 or [::]:9464, or off; it is \":80\" (for all interfaces write 0.0.0.0:PORT)"
            ),
            (
                "admin: { listen: 'a:65536' }",
                "f:1:18: error: admin.listen: must be HOST:PORT such as 127.0.0.1:9464 or [::]:9464, or off; it is \"a:65536\""
            ),
            ("egress: { tls: { cert: c } }", "f:1:16: error: egress.tls: cert and key belong together; key is missing"),
            (
                "egress: { name_servers: [localhost] }",
                "f:1:26: error: egress.name_servers[1]: must be the IP address of a name server, such as 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353; it is \"localhost\""
            ),
            ("broker: { tls: { key: k } }", "f:1:16: error: broker.tls: cert and key belong together; cert is missing"),
            (
                "secrets: { a: { evn: X } }",
                "f:1:17: error: secrets.a.evn: is not a key of a secret; the keys are env and file (did you mean \"env\"?)"
            ),
            (
                "mask: [\"a\\nb\"]",
                "f:1:8: error: mask[1]: must be a word of 1 to 100 letters, digits, \"-\", \"_\" and \".\"; it is \"a\\nb\""
            ),
            ("trackers: [a]", "f:1:11: error: trackers: must be a mapping from the name of a tracker to its template"),
        ]
    )
    func refusesWrongKinds(text: String, expected: String) {
        #expect(faults(text) == expected)
    }

    @Test("a key that is written with dots is explained")
    func explainsDots() {
        #expect(faults("retry.attempts: 3").hasSuffix("(write retry: { attempts: ... })"))
        #expect(faults("broker.tls.ca: x").hasSuffix("(write broker: { tls: { ca: ... } })"))
    }

    @Test("an unknown section is refused with the nearest one")
    func refusesUnknownSection() {
        #expect(faults("\ndispach: {}").hasPrefix("f:2:1: error: dispach: is not a key; the keys are broker, routes, "))
        #expect(faults("\ndispach: {}").hasSuffix("(did you mean \"dispatch\"?)"))
    }
}
