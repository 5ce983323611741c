internal import CShims
internal import Glibc
internal import Synchronization

/// A thread of our own for a loop that must not run on Swift's cooperative pool: it owns C handles and may block.
package final class LoopThread: Sendable {
    /// librabbitmq decodes nested header tables by recursion without a limit: a hostile header of one 128 KiB frame
    /// overflows 2 MiB and fits 4 MiB (PLUMBING 1.10). Only touched pages cost memory.
    private static let stackBytes = 16 << 20

    private let thread: pthread_t
    private let isJoined = Atomic<Bool>(false)

    /// - Parameter name: shown by `top -H`; the kernel keeps 15 bytes.
    package init(name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        let context = unsafe Unmanaged.passRetained(Body(run: body))
        var thread = pthread_t()
        let error = unsafe shim_thread_start(
            &thread,
            Self.stackBytes,
            String(name.utf8.prefix(15)) ?? name,
            { context in
                if let context = unsafe context { unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            },
            context.toOpaque()
        )
        if error != 0 {
            unsafe context.release()
            throw SystemError("pthread_create", code: error)
        }
        self.thread = thread
    }

    /// Waits for the body to return. Call once.
    package func join() {
        isJoined.store(true, ordering: .relaxed)
        pthread_join(thread, nil)
    }

    /// A thread nobody waits for gives its stack back when it ends.
    deinit {
        if !isJoined.load(ordering: .relaxed) { pthread_detach(thread) }
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
