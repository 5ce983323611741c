import Delivery
import Testing

@Suite struct RetryScheduleTests {
    @Test func `The defaults are tried for about a day`() {
        let schedule = RetrySchedule(RetryPolicy())
        #expect(
            schedule.offsets == [
                5_000, 20_000, 65_000, 200_000, 605_000, 1_820_000, 5_465_000, 16_400_000, 38_000_000, 59_600_000,
                81_200_000,
            ]
        )
        #expect(schedule.end == .exhausted)
    }

    @Test(
        arguments: [
            RetryPolicy(), RetryPolicy(attempts: 1), RetryPolicy(attempts: 2, firstDelay: 100),
            RetryPolicy(attempts: 1000, firstDelay: 1000, factor: 1), RetryPolicy(attempts: 30, maxAge: 60_000),
            RetryPolicy(attempts: 5, firstDelay: 10_000, factor: 10, maxDelay: 50_000, jitter: 1),
            RetryPolicy(attempts: 3, firstDelay: 20_000, factor: 2, maxAge: 60_000),
            RetryPolicy(attempts: 3, firstDelay: 20_000, factor: 2, maxAge: 59_999),
        ]
    )
    func `The schedule is what the decisions make of nothing but failures`(policy: RetryPolicy) {
        var state = DeliveryState()
        var now: Int64 = 1_700_000_000_000
        let start = now
        var offsets: [Int64] = []
        var end: DeadLetterReason?
        while end == nil {
            let step = state.next(
                after: .retry(reason: "status 503"),
                retryAfter: nil,
                startedAt: now,
                now: now,
                policy: policy,
                random: 0.5
            )
            switch step {
            case .retry(let next):
                state = next
                now = next.notBefore ?? now
                offsets.append(now - start)
            case .deadLetter(let reason, _): end = reason
            case .delivered: Issue.record("delivered by a failure")
            }
        }
        let schedule = RetrySchedule(policy)
        #expect(schedule.offsets == offsets)
        #expect(schedule.end == end)
    }

    @Test(
        arguments: [(-1, 0), (4_999, 0), (5_000, 1), (64_999, 2), (65_000, 3), (81_200_000, 11)] as [(Int64, Int)]
    )
    func `No attempt is made after the limit`(limit: Int64, attempts: Int) {
        let schedule = RetrySchedule(RetryPolicy(), limit: limit)
        #expect(schedule.offsets.count == attempts)
        #expect(schedule.end == (attempts == 11 ? .exhausted : .expired))
    }
}
