import Delivery

/// The value of a Retry-After header.
enum RetryAfterInput {
    static func feed(_ input: [UInt8]) {
        let now: Int64 = 1_700_000_000_000
        guard let delay = RetryAfter.delay(input, now: now) else { return }
        promise(delay >= 0 && delay <= 1_000_000_000_000_000, "a delay: \(delay)")
        let text = String(decoding: input, as: UTF8.self)
        if let seconds = Int64(text), seconds >= 0, seconds < 1_000_000_000 {
            promise(delay == seconds * 1000, "\(seconds) s are \(delay) ms")
        }
        if delay > 0, Int64(text) == nil, delay < 200_000_000_000 {
            // A date: the later we look, the shorter it is.
            let rest = RetryAfter.delay(input, now: now + delay - 1)
            promise(rest == 1 || text.allSatisfy { $0.isNumber || $0.isWhitespace }, "a date does not move: \(text)")
        }
    }
}
