import Glibc

/// A value of `errno`.
struct SystemCode: Error {
    let value: Int32

    init(_ value: Int32) {
        self.value = value
    }

    /// Nothing to do now; try again when the poller says so.
    var wouldBlock: Bool { value == EAGAIN || value == EWOULDBLOCK }
    /// The process or the machine has no descriptor left.
    var isOutOfDescriptors: Bool { value == EMFILE || value == ENFILE }
}
