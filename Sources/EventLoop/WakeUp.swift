internal import CShims
internal import Glibc

/// Wakes a loop that sleeps in `epoll_wait` or `poll` from another thread (eventfd(2)). Any thread may signal.
package final class WakeUp: Sendable {
    /// To be watched for reading.
    package let descriptor: Int32

    package init() throws(SystemError) {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        if descriptor < 0 { throw SystemError("eventfd") }
    }

    deinit { close(descriptor) }

    package func signal() {
        // Fails only when the counter is full, and then the loop has a wake-up waiting for it anyway.
        _ = eventfd_write(descriptor, 1)
    }

    /// Takes back all signals so far, so that the descriptor sleeps again.
    package func clear() {
        var count: UInt64 = 0
        _ = unsafe eventfd_read(descriptor, &count)
    }
}
