package import HTTPTransport

/// Sends a lane's requests. Confined to the lane's thread; see `HTTPTransport` for what each does.
package protocol RequestTransport: AnyObject {
    /// Monotonic nanoseconds, set in each turn before anything else is called.
    var now: Int64 { get set }
    /// Monotonic nanoseconds at which `runTimers` or `reap` is wanted; nil for never.
    var deadline: Int64? { get }

    func makeTransfer() throws(TransferFailure) -> Transfer
    func recycle(_ transfer: Transfer)
    func origin(isTLS: Bool, host: String, port: UInt16) throws(TransferFailure) -> Origin
    /// Its end comes through `reap`, never from inside this call.
    func start(_ transfer: Transfer, to origin: Origin)
    func runTimers()
    func reap(_ complete: (Transfer) -> Void)
    func forgetIdle()
    func shutDown()
}

extension HTTPTransport: RequestTransport {}
