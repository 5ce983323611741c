import Delivery

/// The gate as it is for healthy destinations of one publisher.
extension DispatchGate {
    init(concurrency: Int, perDestination: Int) {
        self.init(DispatchPolicy(concurrency: concurrency, perDestination: perDestination, suspects: concurrency))
    }

    /// True when the delivery starts.
    mutating func offer(_ delivery: Int, to destination: Int) -> Bool {
        starts(destination) || admit(delivery, to: destination, of: 0) == .start
    }

    mutating func ended(_ destination: Int) {
        ended(destination, .answered, startedAt: now)
    }
}
