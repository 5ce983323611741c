import Documents
import EventLoop
import Logging
import Routing
import ServiceLifecycle
import Synchronization
import Telemetry

/// Reloads the routes when their file changes, or when asked to, and hands the new snapshot to every lane. A file with
/// faults is refused whole, every fault is named, and the last good routes stay.
final class RouteWatcher: Service {
    private let file: RouteFile
    private let metrics: PostbackMetrics
    private let logger: Logger
    private let publish: @Sendable (RouteTable) -> Void
    private let releaseRetired: @Sendable () -> Int
    private let isAsked = Atomic<Bool>(false)
    /// Of the file that was read last, good or bad.
    private let lastSignature: Mutex<[Int]?>

    /// - Parameters:
    ///   - publish: called with each new table.
    ///   - releaseRetired: frees what can be freed of the tables before, and tells how many are still in use.
    init(
        _ file: RouteFile,
        signature: [Int]?,
        metrics: PostbackMetrics,
        logger: Logger,
        publish: @escaping @Sendable (RouteTable) -> Void,
        releaseRetired: @escaping @Sendable () -> Int
    ) {
        self.file = file
        self.metrics = metrics
        self.logger = logger
        self.publish = publish
        self.releaseRetired = releaseRetired
        lastSignature = Mutex(signature)
    }

    /// Any thread: reload soon, even if the file looks the same (SIGHUP).
    func ask() {
        isAsked.store(true, ordering: .relaxed)
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(500))
                _ = releaseRetired()
                let signature = file.signature
                let asked = isAsked.exchange(false, ordering: .relaxed)
                guard asked || signature != lastSignature.withLock({ $0 }) else { continue }
                lastSignature.withLock { $0 = signature }
                await reload()
            }
        }
    }

    private func reload() async {
        let result: Result<RouteFile.Loaded, FaultyDocument> = await withCheckedContinuation { continuation in
            let file = file
            do throws(SystemError) {
                // Not on the cooperative pool: it takes long and needs stack.
                _ = try LoopThread(name: "routes") {
                    let most = FaultReport.mostWarnings
                    continuation.resume(
                        returning: Result { () throws(FaultyDocument) in try file.load(mostWarnings: most) }
                    )
                }
            } catch {
                continuation.resume(returning: .failure(FaultyDocument([Fault(file: file.path, "\(error)")])))
            }
        }
        switch result {
        case .success(let loaded):
            FaultReport(logger).write(loaded.warnings, omitted: loaded.omittedWarnings)
            publish(loaded.table)
            metrics.routeReload(.loaded)
            metrics.routeTableEntries.set(Double(loaded.table.postbackCount))
            logger.info(
                "routes reloaded",
                metadata: [LogKey.file: "\(file.path)", LogKey.count: "\(loaded.table.postbackCount)"]
            )
        case .failure(let faults):
            metrics.routeReload(.refused)
            FaultReport(logger).write(faults.faults)
            logger.error(
                "the routes file is refused; the last good routes stay in use",
                metadata: [
                    LogKey.file: "\(file.path)",
                    LogKey.count: "\(faults.faults.count { $0.severity == .error })",
                ]
            )
        }
    }
}
