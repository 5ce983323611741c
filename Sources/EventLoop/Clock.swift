internal import Glibc

/// The two clocks of the shell; the pure rooms get their readings as arguments.
package enum Clock {
    /// Nanoseconds since an arbitrary point; never goes back (CLOCK_MONOTONIC).
    @inline(__always)
    package static func monotonic() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Milliseconds since the Unix epoch (CLOCK_REALTIME).
    package static func wall() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
