/// What a template may ask for beside the event.
package struct RenderContext: Sendable {
    /// 1 for the first attempt.
    package var attempt: Int
    /// Milliseconds since the Unix epoch.
    package var now: Int64
    /// New for each attempt.
    package var random: UInt64

    package init(attempt: Int, now: Int64, random: UInt64) {
        self.attempt = attempt
        self.now = now
        self.random = random
    }
}
