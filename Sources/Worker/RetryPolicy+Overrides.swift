import Delivery
import Routing

extension RetryPolicy {
    /// The worker's policy with what one postback sets otherwise.
    init(_ base: RetryPolicy, _ overrides: RetryOverrides) {
        self = base
        attempts = overrides.attempts ?? base.attempts
        firstDelay = overrides.firstDelay ?? base.firstDelay
        factor = overrides.factor ?? base.factor
        maxDelay = overrides.maxDelay ?? base.maxDelay
        jitter = overrides.jitter ?? base.jitter
        maxAge = overrides.maxAge ?? base.maxAge
    }
}
