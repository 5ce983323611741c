import Glibc
package import Testing

/// How long tests wait for what must come. The bounds that they name are those of a machine with nothing else to do,
/// and only keep a broken test from hanging: all are multiplied, so that no verdict depends on how fast a machine is.
package enum Patience {
    /// 6, or what `POSTBACK_TEST_PATIENCE` says: more where a sanitizer watches.
    package static let factor: Double = {
        let text = getenv("POSTBACK_TEST_PATIENCE").map { String(cString: $0) }
        return text.flatMap { Double($0) }.map { max(1, $0) } ?? 6
    }()

    /// For one integration test, with its waiting for the room that `MachineShare` gives it.
    package static let limit = TimeLimitTrait.Duration.minutes(Int(factor * 4))

    /// - Parameter seconds: on a machine with nothing else to do.
    package static func stretched(_ seconds: Double) -> Double { seconds * factor }

    /// As `SO_RCVTIMEO` takes it.
    static func time(_ seconds: Double) -> timeval { timeval(tv_sec: Int(stretched(seconds)), tv_usec: 0) }
}
