/// When a delivery would be tried again, if each attempt failed for the moment and took no time. Times in milliseconds,
/// counted from the first attempt, without jitter.
package struct RetrySchedule: Sendable, Equatable {
    /// Of the second and every later attempt.
    package let offsets: [Int64]
    /// How it ends when the last attempt fails too: `exhausted` or `expired`.
    package let end: DeadLetterReason

    /// - Parameter limit: from when on the conversion is too old for its postback; nil for never.
    package init(_ policy: RetryPolicy, limit: Int64? = nil) {
        var offsets: [Int64] = []
        var end = DeadLetterReason.exhausted
        var time: Int64 = 0
        for attempt in 1..<max(1, policy.attempts) {
            time += policy.delay(afterAttempt: attempt, random: 0.5)
            if time > policy.maxAge || time > limit ?? .max {
                end = .expired
                break
            }
            offsets.append(time)
        }
        self.offsets = offsets
        self.end = end
    }
}
