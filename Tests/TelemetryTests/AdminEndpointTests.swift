import Dispatch
import Glibc
import Logging
import Synchronization
import Testing

@testable import Telemetry

/// One after the other: each server holds a thread of libdispatch, which is slow to add threads on few cores.
@Suite("The admin endpoint", .serialized, .timeLimit(.minutes(20)))
struct AdminEndpointTests {
    private let registry = PrometheusRegistry()

    /// Runs an endpoint on a port of the system's choice while `body` talks to it.
    private func serve(
        _ listen: String = "127.0.0.1:0",
        liveness: @escaping @Sendable () -> HealthReport = { .ok },
        readiness: @escaping @Sendable () -> HealthReport = { .ok },
        body: (String) async throws -> Void
    ) async throws {
        let (addresses, continuation) = AsyncStream.makeStream(of: String.self)
        let endpoint = AdminEndpoint(
            listen: listen,
            registry: registry,
            liveness: liveness,
            readiness: readiness,
            log: Logger(label: "admin") { _ in SwiftLogNoOpLogHandler() },
            onListening: { continuation.yield($0) }
        )
        let task = Task {
            defer { continuation.finish() }
            try await endpoint.run()
        }
        var iterator = addresses.makeAsyncIterator()
        if let address = await iterator.next() { try await body(address) }
        task.cancel()
        try await task.value
    }

    private func get(_ path: String, _ address: String, method: String = "GET") async throws -> TestClient.Answer {
        let client = try #require(await TestClient(address))
        return try #require(await client.ask("\(method) \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
    }

    @Test("answers what operators ask", arguments: ["127.0.0.1:0", "localhost:0", "[::1]:0"])
    func answers(listen: String) async throws {
        registry.counter("some_total", "Some.").increment(by: 41)
        try await serve(listen) { address in
            #expect(!address.hasSuffix(":0"))
            let live = try await get("/livez", address)
            #expect(live.status == 200 && live.body == "ok\n")
            let ready = try await get("/readyz?verbose", address)
            #expect(ready.status == 200 && ready.body == "ok\n")
            let metrics = try await get("/metrics", address)
            #expect(metrics.status == 200)
            #expect(metrics.header("content-type") == "text/plain; version=0.0.4; charset=utf-8")
            #expect(try ExpositionParser.parse(Array(metrics.body.utf8)).value("some_total") == 41)
            let index = try await get("/", address)
            #expect(index.status == 200 && index.body.contains("/livez") && index.body.contains("/metrics"))
        }
    }

    @Test("says what is wrong")
    func unhealthy() async throws {
        try await serve(
            liveness: { .failing("lane-1 has not turned for 12 s") },
            readiness: { .failing("no broker") },
            body: { address in
                let live = try await get("/livez", address)
                #expect(live.status == 503 && live.body == "lane-1 has not turned for 12 s\n")
                let ready = try await get("/readyz", address)
                #expect(ready.status == 503 && ready.body == "no broker\n")
            }
        )
    }

    @Test("asks for the state at each request")
    func fresh() async throws {
        let isReady = SharedFlag()
        try await serve(readiness: { isReady.value ? .ok : .failing("starting") }) { address in
            let before = try await get("/readyz", address)
            isReady.set()
            let after = try await get("/readyz", address)
            #expect(before.status == 503 && after.status == 200)
        }
    }

    @Test("knows nothing else", arguments: ["/nope", "/metrics/x", "/livezz", "/%2e%2e/etc/passwd", "/../metrics/x"])
    func unknown(path: String) async throws {
        try await serve { address in
            let answer = try await get(path, address)
            #expect(answer.status == 404)
        }
    }

    @Test("only lets itself be read", arguments: ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
    func methods(method: String) async throws {
        try await serve { address in
            let answer = try await get("/metrics", address, method: method)
            #expect(answer.status == 405)
            #expect(answer.header("allow") == "GET, HEAD")
        }
    }

    @Test("answers HEAD with the length alone")
    func head() async throws {
        try await serve { address in
            let answer = try await get("/livez", address, method: "HEAD")
            #expect(answer.status == 200 && answer.body.isEmpty)
            #expect(answer.header("content-length") == "3")
        }
    }

    @Test("outlives nonsense")
    func nonsense() async throws {
        try await serve { address in
            for bytes in ["\r\n\r\n", "GET\r\n\r\n", "\u{0}\u{1}\r\n", "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"] {
                let client = try #require(await TestClient(address))
                _ = await client.ask(bytes)
            }
            let answer = try await get("/livez", address)
            #expect(answer.status == 200)
        }
    }

    @Test("stops when cancelled, idle connections and all, and leaves the port")
    func stops() async throws {
        let open = Mutex<TestClient?>(nil)
        let place = Mutex("")
        try await serve { address in
            let client = try #require(await TestClient(address))
            let answer = try #require(await client.ask("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n", untilEnd: false))
            #expect(answer.status == 200)
            open.withLock { $0 = client }
            place.withLock { $0 = address }
        }
        let client = try #require(open.withLock { $0 })
        #expect(await client.isClosedByPeer())
        #expect(await TestClient(place.withLock { $0 }) == nil)
    }

    @Test("explains an address that is in use")
    func inUse() async throws {
        try await serve { address in
            let error = await #expect(throws: AdminEndpointError.addressInUse(address)) {
                try await serve(address) { _ in }
            }
            #expect(error?.description.hasPrefix("admin.listen: \(address) is in use by another process") == true)
        }
    }

    @Test("explains an address that this machine does not have")
    func notAvailable() async throws {
        await #expect(throws: AdminEndpointError.addressNotAvailable("192.0.2.1:9464")) {
            try await serve("192.0.2.1:9464") { _ in }
        }
    }

    @Test("explains an address that is none", arguments: ["nonsense", "999.1.1.1:80", "[::g]:80", "example.com:80"])
    func invalid(listen: String) async throws {
        await #expect(throws: AdminEndpointError.invalidAddress(listen)) { try await serve(listen) { _ in } }
    }
}

private final class SharedFlag: Sendable {
    private let flag = Atomic(false)
    var value: Bool { flag.load(ordering: .relaxed) }
    func set() { flag.store(true, ordering: .relaxed) }
}
