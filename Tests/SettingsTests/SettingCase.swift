import Documents
import Settings
import Testing

/// One setting, as it is written in a file and, with another value, in its variable.
struct SettingCase: CustomTestStringConvertible {
    let path: String
    /// YAML.
    let inFile: String
    let inVariable: String
    let afterFile: @Sendable (inout WorkerSettings) -> Void
    let afterVariable: @Sendable (inout WorkerSettings) -> Void

    init<Value: Sendable>(
        _ path: String,
        _ target: any WritableKeyPath<WorkerSettings, Value> & Sendable,
        file: (String, Value),
        variable: (String, Value)
    ) {
        self.path = path
        inFile = file.0
        inVariable = variable.0
        afterFile = { $0[keyPath: target] = file.1 }
        afterVariable = { $0[keyPath: target] = variable.1 }
    }

    var testDescription: String { path }

    var variable: String { "POSTBACK_" + path.uppercased().replacing(".", with: "_") }

    /// A whole configuration with this one setting.
    var document: String {
        let keys = path.split(separator: ".")
        let opening = keys.dropLast().map { "\($0): { " }.joined()
        return "\(opening)\(keys.last ?? ""): \(inFile)" + String(repeating: " }", count: keys.count - 1)
    }

    static let all = [
        Self(
            "broker.url",
            \.broker.urls,
            file: ("amqp://a", ["amqp://a"]),
            variable: ("amqps://b,AMQP://c", ["amqps://b", "AMQP://c"])
        ),
        Self("broker.prefetch", \.broker.prefetch, file: ("1", 1), variable: ("65535", 65_535)),
        Self("broker.topology", \.broker.topology, file: ("verify", .verify), variable: ("skip", .skip)),
        Self("broker.tls.ca", \.broker.tls.ca, file: ("/a.pem", "/a.pem"), variable: ("b.pem", "b.pem")),
        Self("routes.file", \.routes.file, file: ("/a.yaml", "/a.yaml"), variable: ("b.yaml", "b.yaml")),
        Self("dispatch.concurrency", \.dispatch.concurrency, file: ("1", 1), variable: ("20000", 20_000)),
        Self("dispatch.per_host", \.dispatch.perHost, file: ("7", 7), variable: ("8", 8)),
        Self("dispatch.rate", \.dispatch.rate, file: ("2.5", 2.5), variable: ("1000000", 1_000_000)),
        Self("breaker.failures", \.breaker.failures, file: ("0", 0), variable: ("1000000", 1_000_000)),
        Self("breaker.share", \.breaker.share, file: ("0", 0), variable: ("1", 1)),
        Self("breaker.window", \.breaker.window, file: ("1s", ms(1_000)), variable: ("1h", ms(3_600_000))),
        Self("breaker.open", \.breaker.open, file: ("100ms", ms(100)), variable: ("1h", ms(3_600_000))),
        Self("breaker.max_open", \.breaker.maxOpen, file: ("100ms", ms(100)), variable: ("1h", ms(3_600_000))),
        Self(
            "dispatch.connect_timeout",
            \.dispatch.connectTimeout,
            file: ("100ms", ms(100)),
            variable: ("10m", ms(600_000))
        ),
        Self("dispatch.timeout", \.dispatch.timeout, file: ("7s", ms(7_000)), variable: ("1m", ms(60_000))),
        Self("dispatch.max_response", \.dispatch.maxResponse, file: ("1024", 1024), variable: ("1MB", 1_000_000)),
        Self("dispatch.lanes", \.dispatch.lanes, file: ("2", 2), variable: ("50", 50)),
        Self("retry.attempts", \.retry.attempts, file: ("1", 1), variable: ("1000", 1000)),
        Self("retry.first_delay", \.retry.firstDelay, file: ("1s", ms(1_000)), variable: ("500ms", ms(500))),
        Self("retry.factor", \.retry.factor, file: ("1.5", 1.5), variable: ("10", 10)),
        Self("retry.max_delay", \.retry.maxDelay, file: ("1h", ms(3_600_000)), variable: ("7d", ms(604_800_000))),
        Self("retry.jitter", \.retry.jitter, file: ("0", 0), variable: ("1", 1)),
        Self("retry.max_age", \.retry.maxAge, file: ("2s", ms(2_000)), variable: ("1d", ms(86_400_000))),
        Self("egress.allow_private", \.egress.allowPrivate, file: ("true", true), variable: ("false", false)),
        Self(
            "egress.allow",
            \.egress.allow,
            file: ("[\"::1\"]", ["::1"]),
            variable: ("10.0.0.0/8, fd00::/8", ["10.0.0.0/8", "fd00::/8"])
        ),
        Self("egress.deny", \.egress.deny, file: ("[1.2.3.4]", ["1.2.3.4"]), variable: ("", [])),
        Self(
            "egress.ports",
            \.egress.ports,
            file: ("[\"1-65535\"]", [1...65_535]),
            variable: ("443,8000-8999", [443...443, 8000...8999])
        ),
        Self("egress.proxy", \.egress.proxy, file: ("http://p:1", "http://p:1"), variable: ("", nil)),
        Self("egress.resolve", \.egress.resolve, file: ("proxy", .proxy), variable: ("worker", .worker)),
        Self(
            "egress.name_servers",
            \.egress.nameServers,
            file: ("[127.0.0.1:5353, \"::1\"]", ["127.0.0.1:5353", "::1"]),
            variable: ("[::1]:53,192.0.2.53", ["[::1]:53", "192.0.2.53"])
        ),
        Self("egress.tls.ca", \.egress.tls.ca, file: ("/a.pem", "/a.pem"), variable: ("b.pem", "b.pem")),
        Self("admin.listen", \.admin.listen, file: ("\"[::]:0\"", "[::]:0"), variable: ("off", "")),
        Self("shutdown.drain", \.shutdown.drain, file: ("1h", ms(3_600_000)), variable: ("0s", ms(0))),
        Self("log.level", \.log.level, file: ("trace", .trace), variable: ("critical", .critical)),
        Self("log.format", \.log.format, file: ("text", .text), variable: ("json", .json)),
        Self("names.prefix", \.names.prefix, file: ("a.b-c_D9", "a.b-c_D9"), variable: ("x", "x")),
        Self("deliveries.log", \.deliveries.log, file: ("failures", .failures), variable: ("none", .none)),
        Self("deliveries.max_age", \.deliveries.maxAge, file: ("1s", ms(1_000)), variable: ("30d", ms(2_592_000_000))),
        Self("deliveries.max_bytes", \.deliveries.maxBytes, file: ("1MiB", 1 << 20), variable: ("1TiB", 1 << 40)),
        Self("pause.after", \.pause.after, file: ("1s", ms(1_000)), variable: ("365d", ms(31_536_000_000))),
        Self("pause.failures", \.pause.failures, file: ("1", 1), variable: ("1000000", 1_000_000)),
        Self("mask", \.mask, file: ("[]", []), variable: ("pin,code", ["pin", "code"])),
        Self(
            "tokens.aliases",
            \.tokens.aliases,
            file: ("{ A: b }", ["A": "b"]),
            variable: (#"{"C":"sub_ids.d"}"#, ["C": "sub_ids.d"])
        ),
        Self(
            "tokens.custom",
            \.tokens.custom,
            file: ("{ a: /b/0 }", ["a": "/b/0"]),
            variable: (#"{"c":"/d~1e"}"#, ["c": "/d~1e"])
        ),
        Self(
            "secrets",
            \.secrets.sources,
            file: ("{ a: { env: X } }", ["a": .env("X")]),
            variable: (#"{"b":{"file":"run/b"}}"#, ["b": .file("run/b")])
        ),
    ]

    private static func ms(_ value: Int64) -> Milliseconds { Milliseconds(value) }
}
