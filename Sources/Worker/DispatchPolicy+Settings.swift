import Delivery
import Documents
import Settings

extension DispatchPolicy {
    /// The settings bound the whole worker; each lane has its share.
    init(_ settings: WorkerSettings) {
        let lanes = settings.dispatch.lanes
        self.init(
            concurrency: max(1, settings.dispatch.concurrency / lanes),
            perDestination: max(1, settings.dispatch.perHost / lanes),
            rate: settings.dispatch.rate / Double(lanes),
            window: settings.broker.prefetch,
            breaker: BreakerPolicy(
                failures: settings.breaker.failures,
                share: settings.breaker.share,
                window: settings.breaker.window.value * 1_000_000,
                open: settings.breaker.open.value * 1_000_000,
                maxOpen: max(settings.breaker.open.value, settings.breaker.maxOpen.value) * 1_000_000
            )
        )
    }
}
