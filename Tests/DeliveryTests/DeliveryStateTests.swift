import Delivery
import Testing

@Suite struct DeliveryStateTests {
    private static let now: Int64 = 1_800_000_000_000
    private let policy = RetryPolicy(jitter: 0)

    private func retry(
        _ state: DeliveryState,
        retryAfter: String? = nil,
        policy: RetryPolicy? = nil,
        now: Int64 = now
    ) -> NextStep {
        state.next(
            after: .retry(reason: "status 503"),
            retryAfter: retryAfter.map { Array($0.utf8) },
            startedAt: now,
            now: now,
            policy: policy ?? self.policy,
            random: 0.5
        )
    }

    @Test func `With the defaults a dead destination is tried 12 times over about a day, then exhausted`() {
        var state = DeliveryState()
        var now = Self.now
        var waits: [Int64] = []
        while case .retry(let next) = retry(state, now: now) {
            let due = next.notBefore ?? 0
            waits.append((due - now) / 1000)
            #expect(next.attempts == waits.count)
            #expect(next.firstAttemptAt == Self.now)
            state = next
            now = due
        }
        #expect(waits == [5, 15, 45, 135, 405, 1215, 3645, 10_935, 21_600, 21_600, 21_600])
        #expect(
            retry(state, now: now) == .deadLetter(.exhausted, DeliveryState(attempts: 12, firstAttemptAt: Self.now))
        )
    }

    @Test(arguments: [
        ("60", 60_000), ("5", 5000), ("1", 5000), ("0", 5000), ("6", 6000), ("86400", 86_400_000),
        ("86401", 86_400_000), ("99999999999999999999", 86_400_000), ("soon", 5000), ("", 5000), ("-60", 5000),
        ("Fri, 15 Jan 2027 08:01:00 GMT", 60_000), ("Fri, 15 Jan 2027 07:00:00 GMT", 5000),
        ("Sun, 17 Jan 2027 08:00:00 GMT", 86_400_000),
    ])
    func `Retry-After counts where it is later than our own wait, at most a day`(header: String, wait: Int64) {
        let expected = DeliveryState(attempts: 1, firstAttemptAt: Self.now, notBefore: Self.now + wait)
        #expect(retry(DeliveryState(), retryAfter: header) == .retry(expected))
    }

    @Test func `A wait that would end after max_age expires the delivery now`() {
        var policy = RetryPolicy(jitter: 0, maxAge: 10_000)
        let state = DeliveryState(attempts: 1, firstAttemptAt: Self.now - 10_000 + 15_000)
        // 15 s of waiting end exactly at the age limit: that is still in time.
        #expect(
            retry(state, policy: policy)
                == .retry(
                    DeliveryState(attempts: 2, firstAttemptAt: state.firstAttemptAt, notBefore: Self.now + 15_000)
                )
        )
        policy.maxAge = 9999
        #expect(
            retry(state, policy: policy)
                == .deadLetter(.expired, DeliveryState(attempts: 2, firstAttemptAt: state.firstAttemptAt))
        )
    }

    @Test func `A Retry-After past max_age expires the delivery, and the last attempt exhausts it first`() {
        let policy = RetryPolicy(attempts: 2, jitter: 0, maxAge: 60_000)
        #expect(
            retry(DeliveryState(), retryAfter: "61", policy: policy)
                == .deadLetter(.expired, DeliveryState(attempts: 1, firstAttemptAt: Self.now))
        )
        #expect(
            retry(DeliveryState(attempts: 1), retryAfter: "61", policy: policy)
                == .deadLetter(.exhausted, DeliveryState(attempts: 2, firstAttemptAt: Self.now))
        )
    }

    @Test func `One attempt means no retry`() {
        #expect(
            retry(DeliveryState(), policy: RetryPolicy(attempts: 1))
                == .deadLetter(.exhausted, DeliveryState(attempts: 1, firstAttemptAt: Self.now))
        )
    }

    @Test func `An unknown outcome waits like any retry, and Retry-After has no say without an answer`() {
        let next = DeliveryState(attempts: 2, firstAttemptAt: Self.now - 20_000, notBefore: Self.now - 1)
            .next(
                after: .unknownOutcome(reason: "cut"),
                retryAfter: nil,
                startedAt: Self.now,
                now: Self.now,
                policy: policy,
                random: 0.5
            )
        let expected = DeliveryState(attempts: 3, firstAttemptAt: Self.now - 20_000, notBefore: Self.now + 45_000)
        #expect(next == .retry(expected))
    }

    @Test(arguments: [(0.0, 4000), (0.25, 4500), (0.5, 5000), (1.0, 6000)])
    func `After a fault of our own a delivery waits 4 to 6 seconds`(random: Double, wait: Int64) {
        let next = DeliveryState(attempts: 7, firstAttemptAt: 5)
            .next(
                after: .ownFault(reason: "no memory"),
                retryAfter: Array("9000".utf8),
                startedAt: 0,
                now: Self.now,
                policy: policy,
                random: random
            )
        #expect(next == .retry(DeliveryState(attempts: 7, firstAttemptAt: 5, notBefore: Self.now + wait)))
    }

    /// The first attempt's time comes from a header that anyone may have written.
    @Test func `No carried time makes the decision crash`() async {
        await #expect(processExitsWith: .success) {
            for first in [Int64.min, -1, 0, .max - 1, .max] {
                let state = DeliveryState(attempts: 1, firstAttemptAt: first)
                _ = state.next(
                    after: .retry(reason: ""),
                    retryAfter: nil,
                    startedAt: 0,
                    now: 1_800_000_000_000,
                    policy: RetryPolicy(),
                    random: 1
                )
            }
        }
    }
}
