import Foundation
import Synchronization

/// Runs asynchronous work from a command's main thread, which waits for it. The main thread stays an ordinary thread:
/// an `async` main would hand it to libdispatch for good, and no instruction profiler runs under that.
enum Blocking {
    static func run(_ work: @escaping @Sendable () async throws -> Void) throws {
        let outcome = Outcome()
        Task.detached {
            do {
                try await work()
                outcome.end(.success(()))
            } catch {
                outcome.end(.failure(error))
            }
        }
        try outcome.wait()
    }

    private final class Outcome: Sendable {
        private let result = Mutex<Result<Void, any Error>?>(nil)
        private let isOver = DispatchSemaphore(value: 0)

        func end(_ outcome: Result<Void, any Error>) {
            result.withLock { $0 = outcome }
            isOver.signal()
        }

        func wait() throws {
            isOver.wait()
            try result.withLock { $0 }?.get()
        }
    }
}
