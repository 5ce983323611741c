import Delivery
import HTTPTransport
import Logging
import Routing
import Telemetry

/// Routes that only fail, and those that are paused.
extension Lane {
    /// To the dead letters without a try when the route is paused.
    func isPaused(_ task: DeliveryTask, _ postback: Postback) -> Bool {
        guard routeFailures.hasPauses, routeFailures.isPaused(postback.keyBytes) else { return false }
        task.lastError = "the route is paused: see `postback routes paused`"
        deadLetter(task, .paused, url: nil)
        return true
    }

    /// What waits here for its turn obeys a new pause as well.
    func pausesChanged(_ snapshot: PauseSnapshot) {
        let isNew = !snapshot.paused.allSatisfy(routeFailures.isPaused)
        routeFailures.update(paused: snapshot.paused, failing: snapshot.failing, recovered: snapshot.recovered)
        if !isNew || gate.waiting == 0 { return }
        for slot in gate.removeWaiting() {
            let task = tasks[slot]
            if let postback = task.postback, isPaused(task, postback) { continue }
            admit(task)
        }
    }

    /// A route that is well costs one comparison here.
    func noteDelivered(_ task: DeliveryTask) {
        guard !routeFailures.isQuiet, let route = task.postback?.keyBytes else { return }
        if let record = routeFailures.succeeded(route, now: wallNow) { tellPauses(record) }
    }

    func noteFailed(_ task: DeliveryTask, _ result: AttemptResult, _ verdict: Delivery.Verdict) {
        if case .ownFault = verdict { return }
        guard let route = task.postback?.keyBytes else { return }
        let attempt = RouteFailures.Attempt(
            startedAt: task.startedAt,
            status: result.status,
            error: handOffs.mask.url(verdict.explanation)
        )
        if let record = routeFailures.failed(route, attempt, now: wallNow) { tellPauses(record) }
    }
}
