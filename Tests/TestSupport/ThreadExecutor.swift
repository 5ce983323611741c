import Foundation

/// Runs work that blocks off Swift's pool of threads, which other tests need.
package enum OwnThread {
    @concurrent
    package static func run(_ body: @concurrent @Sendable () async throws -> Void) async throws {
        try await withTaskExecutorPreference(ThreadExecutor.shared) { try await body() }
    }
}

/// Runs every job on a thread of its own, which may block for as long as it likes.
final class ThreadExecutor: TaskExecutor {
    static let shared = ThreadExecutor()

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let thread = Thread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        thread.stackSize = 8 << 20
        thread.start()
    }
}
