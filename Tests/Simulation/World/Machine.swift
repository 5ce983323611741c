import EventLoop
import HTTPTransport
import Logging
import Routing
import Settings
import Telemetry
import Worker

/// What many runs on one thread share, because it costs time and holds nothing of a run: the maker of transfers, the
/// routes, the metrics.
package final class Machine {
    let factory: HTTPTransport
    let metrics: PostbackMetrics
    let logger: Logger
    let routes: RouteBook
    let options: LaneOptions

    /// - Throws: whatever keeps libcurl from starting.
    package init() throws {
        let options = try LaneOptions(WorkerSettings())
        factory = try HTTPTransport(epoll: Epoll(), options.transport)
        self.options = options
        metrics = PostbackMetrics(registry: PrometheusRegistry(), version: "simulation")
        logger = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }
        routes = try RouteBook()
    }
}
