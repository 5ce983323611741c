/// The answer of a health check: whether all is well, and the words for the person who asks.
package struct HealthReport: Sendable, Equatable {
    package var healthy: Bool
    /// One line; the body of the answer.
    package var text: String

    package init(healthy: Bool, text: String) {
        self.healthy = healthy
        self.text = text
    }

    /// Healthy, in the word `ok`.
    package static let ok = HealthReport(healthy: true, text: "ok")

    /// Not healthy, because of `reason`.
    package static func failing(_ reason: String) -> HealthReport {
        HealthReport(healthy: false, text: reason)
    }
}
