import Documents
import EventLoop
import Glibc
import HTTPTransport
package import Logging
import ServiceLifecycle
package import Settings
import Synchronization
import Telemetry
import UnixSignals

/// `postback run`: the rim around the lanes. Loads what is needed, starts the services, and turns signals into their
/// commands: SIGTERM and SIGINT drain, a second one ends at once, SIGHUP reloads the routes.
package struct WorkerProcess: Sendable {
    private let settings: WorkerSettings
    private let options: LaneOptions
    private let file: RouteFile
    private let name: String
    private let version: String
    private let logger: Logger

    /// - Parameter name: of this replica in the broker's tools and in logs; distinct for each.
    package init(
        settings: WorkerSettings,
        options: LaneOptions,
        file: RouteFile,
        name: String,
        version: String,
        logger: Logger
    ) {
        self.settings = settings
        self.options = options
        self.file = file
        self.name = name
        self.version = version
        self.logger = logger
    }

    /// Runs until drained.
    /// - Parameter routes: the table that was loaded from `file` when it had `signature`. It is taken out: whoever kept it
    ///   would keep its memory when other routes have taken its place.
    package func run(_ routes: FirstRoutes, signature: [Int]?) async throws {
        signal(SIGPIPE, SIG_IGN)
        unblockSignals()
        if access(options.transport.authorities, R_OK) != 0 {
            logger.error(
                "\(options.transport.authorities) cannot be read: no https destination can be verified, and all wait"
            )
        }
        var options = options
        // So many take 2 MB, and 27 over TLS.
        options.transport.spareConnections = min(1000, raiseDescriptorLimit()) / settings.dispatch.lanes
        let registry = PrometheusRegistry()
        let metrics = PostbackMetrics(registry: registry, version: version)
        let process = ProcessMetrics(registry: registry)
        _ = process
        metrics.routeTableEntries.set(Double(routes.postbackCount))
        let heartbeats = Heartbeats()
        let lanes = try LaneService(
            name: name,
            lanes: settings.dispatch.lanes,
            options: options,
            routes: routes.take(),
            metrics: metrics,
            heartbeats: heartbeats,
            logger: logger
        )
        let watcher = RouteWatcher(
            file,
            signature: signature,
            metrics: metrics,
            logger: logger,
            publish: { lanes.publish($0) },
            releaseRetired: { lanes.releaseRetired() }
        )
        sample(lanes.statuses, into: metrics, registry)

        var services: [any Service] = []
        if !settings.admin.listen.isEmpty {
            services.append(
                AdminService(
                    endpoint: AdminEndpoint(
                        listen: settings.admin.listen,
                        registry: registry,
                        liveness: { heartbeats.report() },
                        readiness: { lanes.readiness },
                        destinations: {
                            DestinationReport.json(lanes.statuses.flatMap { $0.destinations.withLock { $0 } })
                        },
                        log: logger
                    )
                )
            )
        }
        services.append(watcher)
        let systemd = SystemdService(lanes: lanes, drain: settings.shutdown.drain.value) { heartbeats.report() }
        if let systemd { services.append(systemd) }
        // Last in, first out: the lanes drain while the endpoint still answers.
        services.append(lanes)
        let group = ServiceGroup(
            configuration: .init(
                services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
                logger: Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        logger.info(
            "started",
            metadata: [
                LogKey.version: "\(version)", LogKey.count: "\(routes.postbackCount)", LogKey.file: "\(file.path)",
            ]
        )
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let signalTask = Task { await obey(signals, group, watcher, systemd) }
        defer { signalTask.cancel() }
        try await group.run()
        logger.info("stopped")
    }

    private func obey(
        _ signals: UnixSignalsSequence,
        _ group: ServiceGroup,
        _ watcher: RouteWatcher,
        _ systemd: SystemdService?
    ) async {
        var isStopping = false
        for await signal in signals {
            if signal == .sighup {
                watcher.ask()
            } else if isStopping {
                logger.warning("ended by a second signal; what was under way goes back to the queue")
                _exit(1)
            } else {
                isStopping = true
                systemd?.stop()
                await group.triggerGracefulShutdown()
            }
        }
    }

    /// A parent may have left them blocked, as test runners do; then they would never arrive.
    private func unblockSignals() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&signals, number) }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// Every transfer is a descriptor, and idle connections are some more.
    /// - Returns: how many descriptors there may be beyond those that are wanted.
    private func raiseDescriptorLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        // The lanes share `concurrency`.
        let wanted = settings.dispatch.concurrency * 2 + settings.dispatch.lanes * 100 + 100
        if limit.rlim_cur < wanted {
            logger.warning(
                """
                the limit of open files is \(limit.rlim_cur); dispatch.concurrency \
                \(settings.dispatch.concurrency) wants \(wanted) (LimitNOFILE= or ulimit -n)
                """
            )
        }
        return max(0, Int(clamping: limit.rlim_cur) - wanted)
    }

    private func sample(_ lanes: [LaneStatus], into metrics: PostbackMetrics, _ registry: PrometheusRegistry) {
        registry.onScrape {
            metrics.inFlight.set(Double(lanes.reduce(0) { $0 + $1.inFlight.load(ordering: .relaxed) }))
            metrics.breakersOpen.set(Double(lanes.reduce(0) { $0 + $1.breakersOpen.load(ordering: .relaxed) }))
            let longest = lanes.map { $0.longestTurn.load(ordering: .relaxed) }.max() ?? 0
            metrics.laneTurnSecondsMax.set(Double(longest) / 1e9)
            metrics.backlog.set(Double(lanes.reduce(0) { $0 + $1.waiting.load(ordering: .relaxed) }))
            metrics.messagesUnacknowledged.set(Double(lanes.reduce(0) { $0 + $1.unsettled.load(ordering: .relaxed) }))
            metrics.publisherUnconfirmed.set(Double(lanes.reduce(0) { $0 + $1.handingOff.load(ordering: .relaxed) }))
            let isConnected = lanes.allSatisfy {
                $0.isConsuming.load(ordering: .relaxed) && $0.isPublisherConnected.load(ordering: .relaxed)
            }
            metrics.brokerConnected.set(isConnected ? 1 : 0)
            metrics.brokerBlocked.set(lanes.contains { $0.isPublisherBlocked.load(ordering: .relaxed) } ? 1 : 0)
        }
    }
}

/// The admin endpoint as a service.
private struct AdminService: Service {
    let endpoint: AdminEndpoint

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await endpoint.run() }
    }
}
