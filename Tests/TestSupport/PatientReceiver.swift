import Synchronization

/// An HTTP receiver that answers nothing until it is told to, and at once from then on: what a test sets up while
/// requests are under way does not race with them.
package final class PatientReceiver: Sendable {
    private let server: ScriptedServer
    private let told: Signal

    /// - Parameter path: what goes below it is answered with 503 the first time, each target for itself.
    package init(failingFirst path: String? = nil) throws {
        let told = Signal()
        let refused = Mutex<Set<String>>([])
        self.told = told
        server = try ScriptedServer { connection in
            while true {
                let line = try connection.read().line
                guard told.await() else { return }
                let isNew = refused.withLock { $0.insert(line).inserted }
                let fails = path.map { isNew && line.contains($0) } ?? false
                try connection.answer(fails ? "503 Service Unavailable" : "200 OK", body: [])
            }
        }
    }

    package var origin: String { "http://127.0.0.1:\(server.port)" }
    package var requests: Journal<ScriptedServer.Request> { server.requests }

    package func answer() { told.give() }

    package func stop() {
        // Nobody waits for what will not be said any more.
        told.give()
        server.stop()
    }
}
