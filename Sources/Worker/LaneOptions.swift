package import Delivery
import Documents
package import HTTPTransport
package import RabbitMQ
package import Settings

/// The part of the settings that a lane works with, translated into the terms of the rooms below.
package struct LaneOptions: Sendable {
    package var urls: [BrokerURL]
    package var tls: BrokerTLS
    package var prefetch: Int
    package var topology: Topology
    package var declaration: BrokerSettings.Topology
    package var concurrency: Int
    package var dispatch: DispatchPolicy
    package var pausing: PausePolicy
    /// Milliseconds.
    package var connectTimeout: Int
    package var timeout: Int
    package var retry: RetryPolicy
    package var transport: TransportOptions
    /// Nanoseconds.
    package var drainPatience: Int64
    package var mask: [String]
    /// What is written to the delivery log.
    package var log: DeliveriesSettings.Log

    /// - Throws: `BrokerURL.ParseError` naming the URL that is none, by its place in the list.
    package init(_ settings: WorkerSettings) throws(BrokerURL.ParseError) {
        urls = []
        for (index, text) in settings.broker.urls.enumerated() {
            do {
                urls.append(try BrokerURL(parsing: text))
            } catch {
                throw BrokerURL.ParseError(description: "broker.url (number \(index + 1)): \(error.description)")
            }
        }
        tls = BrokerTLS(
            authorities: settings.broker.tls.ca,
            certificate: settings.broker.tls.cert,
            key: settings.broker.tls.key
        )
        prefetch = settings.broker.prefetch
        topology = Topology(settings)
        declaration = settings.broker.topology
        // The settings bound the whole worker; each lane has its share.
        concurrency = max(1, settings.dispatch.concurrency / settings.dispatch.lanes)
        dispatch = DispatchPolicy(settings)
        pausing = PausePolicy(after: settings.pause.after.value, failures: settings.pause.failures)
        connectTimeout = Int(settings.dispatch.connectTimeout.value)
        timeout = Int(settings.dispatch.timeout.value)
        retry = RetryPolicy(
            attempts: settings.retry.attempts,
            firstDelay: settings.retry.firstDelay.value,
            factor: settings.retry.factor,
            maxDelay: settings.retry.maxDelay.value,
            jitter: settings.retry.jitter,
            maxAge: settings.retry.maxAge.value
        )
        transport = TransportOptions(
            egress: EgressPolicy(settings.egress),
            concurrency: concurrency,
            maxResponse: settings.dispatch.maxResponse,
            certificate: settings.egress.tls.cert,
            key: settings.egress.tls.key,
            proxy: settings.egress.proxy ?? "",
            resolvesAtProxy: settings.egress.proxy != nil && settings.egress.resolve == .proxy,
            nameServers: settings.egress.nameServers
        )
        if let authorities = settings.egress.tls.ca { transport.authorities = authorities }
        drainPatience = settings.shutdown.drain.value * 1_000_000
        mask = settings.mask
        log = settings.deliveries.log
    }
}

extension EgressPolicy {
    init(_ settings: EgressSettings) {
        self.init(
            allowsPrivate: settings.allowPrivate,
            allowed: settings.allow.compactMap { AddressBlock($0) },
            denied: settings.deny.compactMap { AddressBlock($0) },
            ports: settings.ports
        )
    }
}

extension Topology {
    package init(_ settings: WorkerSettings) {
        self.init(
            prefix: settings.names.prefix,
            rungs: DelayLadder.rungs,
            logMaxAge: settings.deliveries.maxAge.value,
            logMaxBytes: Int64(settings.deliveries.maxBytes)
        )
    }
}
