import FlyingFox
import FlyingSocks
import Foundation
import Glibc
package import Logging

/// The HTTP server for operators: `/livez`, `/readyz`, `/metrics`, `/destinations`, and a list of them at `/`.
///
/// It has its own threads and shares nothing with the event loops but atomics: a hanging loop still gets reported.
package struct AdminEndpoint: Sendable {
    private let listen: String
    private let routes: AdminRoutes
    private let log: Logger
    private let onListening: @Sendable (String) -> Void

    /// - Parameters:
    ///   - listen: `HOST:PORT` with an IP address or `localhost`; port 0 lets the system choose.
    ///   - registry: what `/metrics` shows.
    ///   - liveness: what `/livez` answers.
    ///   - readiness: what `/readyz` answers.
    ///   - destinations: what `/destinations` answers, as JSON.
    ///   - onListening: called once with the bound address, `HOST:PORT`.
    package init(
        listen: String,
        registry: PrometheusRegistry,
        liveness: @escaping @Sendable () -> HealthReport,
        readiness: @escaping @Sendable () -> HealthReport,
        destinations: @escaping @Sendable () -> [UInt8] = { Array(#"{"destinations":[]}"#.utf8) },
        log: Logger,
        onListening: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.listen = listen
        routes = AdminRoutes(
            registry: registry,
            liveness: liveness,
            readiness: readiness,
            destinations: destinations
        )
        self.log = log
        self.onListening = onListening
    }

    /// Serves until the task is cancelled, then closes the socket and returns.
    ///
    /// - Throws: `AdminEndpointError` if it cannot listen.
    package func run() async throws {
        let address = try ListenAddress(listen)
        let server = HTTPServer(config: try configuration(address), handler: routes)
        // Not a child task: FlyingFox ends this wait only by its time-out, and a failed start must not wait for it.
        let announcement = Task { [log, onListening] in
            try await server.waitUntilListening(timeout: 30)
            guard let bound = await server.boundAddress, !Task.isCancelled else { return }
            log.info("admin endpoint listens", metadata: [LogKey.address: "\(bound)"])
            onListening(bound)
        }
        defer { announcement.cancel() }
        do {
            try await server.run()
        } catch {
            if Task.isCancelled || error is CancellationError { return }
            throw adminError(error, address)
        }
    }

    private func configuration(_ address: ListenAddress) throws -> HTTPServer.Configuration {
        do {
            if address.isIPv6 {
                return .init(
                    address: try sockaddr_in6.inet6(ip6: address.host, port: address.port),
                    timeout: 10,
                    logger: .disabled
                )
            }
            return .init(
                address: try sockaddr_in.inet(ip4: address.host, port: address.port),
                timeout: 10,
                logger: .disabled
            )
        } catch {
            throw AdminEndpointError.invalidAddress(listen)
        }
    }

    private func adminError(_ error: any Error, _ address: ListenAddress) -> AdminEndpointError {
        guard case SocketError.failed(_, let code, let message) = error else {
            return .failed(address.text, "\(error)")
        }
        return switch code {
        case EADDRINUSE: .addressInUse(address.text)
        case EADDRNOTAVAIL: .addressNotAvailable(address.text)
        case EACCES, EPERM: .notPermitted(address.text)
        default: .failed(address.text, message)
        }
    }
}

extension HTTPServer {
    /// Where it really listens, `HOST:PORT`.
    fileprivate var boundAddress: String? {
        switch listeningAddress {
        case .ip4(let host, let port), .ip6(let host, let port): ListenAddress(host: host, port: port).text
        case .unix, nil: nil
        }
    }
}
