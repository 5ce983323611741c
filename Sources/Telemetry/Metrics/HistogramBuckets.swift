/// The upper bounds of a histogram's buckets, ascending; the bucket `+Inf` is always there and not listed.
package struct HistogramBuckets: Sendable, Equatable {
    /// Ascending, finite, at most 100.
    package let bounds: [Double]

    /// `nil` if a bound is not finite, if they do not ascend strictly, or if there are none or over 100.
    package init?(_ bounds: [Double]) {
        guard (1...100).contains(bounds.count), bounds.allSatisfy(\.isFinite),
            zip(bounds, bounds.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }
        self.bounds = bounds
    }

    private init(known bounds: [Double]) {
        self.bounds = bounds
    }

    /// Seconds of one HTTP attempt: 5 ms to 10 s, dense around the usual time-outs of receivers (1, 2.5, 5 s).
    package static let attempt = HistogramBuckets(
        known: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
    )

    /// Seconds from the conversion to its delivery: 100 ms to three days, which is the longest a retry goes on.
    package static let age = HistogramBuckets(
        known: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21600, 86400, 259200]
    )

    /// For values of any unit: powers of four from 1 to 16 Mi.
    package static let powersOfFour = HistogramBuckets(
        known: [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1_048_576, 4_194_304, 16_777_216]
    )
}
