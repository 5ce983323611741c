import TestSupport
import Testing

/// A broker that a suite may stop, kill and fill, started before its first test and removed after its last. It also
/// listens for TLS, with certificates made for it.
struct OwnBroker: SuiteTrait, TestScoping {
    @TaskLocal static var current: (broker: TestBroker, certificates: Certificates)?

    let isRecursive = false

    @concurrent
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await OwnThread.run { try await Self.surround(function) }
    }

    @concurrent
    private static func surround(_ function: @concurrent @Sendable () async throws -> Void) async throws {
        let certificates = try Certificates()
        defer { certificates.folder.remove() }
        let broker = try TestBroker.start(
            extra: """
                listeners.ssl.1 = 127.0.0.1:@SPARE_PORT@
                ssl_options.cacertfile = \(certificates.authority)
                ssl_options.certfile = \(certificates.certificate)
                ssl_options.keyfile = \(certificates.key)

                """
        )
        defer { broker.remove() }
        try await $current.withValue((broker, certificates)) { try await function() }
    }

    /// The suite's broker, started again when an earlier test left it stopped.
    static func running() throws -> TestBroker {
        let broker = try #require(current?.broker)
        try broker.startUnlessRunning()
        return broker
    }

    static func certificates() throws -> Certificates { try #require(current?.certificates) }
}

extension Trait where Self == OwnBroker {
    static var ownBroker: Self { OwnBroker() }
}

/// A certificate authority, a certificate of `localhost` that it signed, and an authority that nobody should trust.
struct Certificates {
    struct Failure: Error {
        let output: String
    }

    let folder: TestFolder
    var authority: String { folder.file("ca.pem") }
    var certificate: String { folder.file("server.pem") }
    var key: String { folder.file("server.key") }
    var stranger: String { folder.file("stranger.pem") }

    init() throws {
        folder = try TestFolder()
        try openssl(Self.authority(name: "ca"))
        try openssl(Self.authority(name: "stranger"))
        try openssl("req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr")
        try folder.write("subjectAltName=DNS:localhost\n", to: "names")
        try openssl(
            "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.pem"
        )
    }

    private static func authority(name: String) -> String {
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=\(name) -keyout \(name).key -out \(name).pem"
    }

    private func openssl(_ arguments: String) throws {
        let process = try ChildProcess(
            "/usr/bin/openssl",
            arguments.split(separator: " ").map(String.init),
            folder: folder.path,
            output: folder.file("log"),
            errors: folder.file("log")
        )
        guard process.waitForEnd(within: 30) == .exited(0) else { throw Failure(output: folder.read("log")) }
    }
}
