import Testing

@testable import RabbitMQ

@Suite struct PropertyFilterTests {
    @Test(arguments: [
        "CC", "BCC", "x-death", "x-death-anything", "x-first-death-exchange", "x-first-death-queue",
        "x-first-death-reason",
        "x-last-death-exchange", "x-last-death-queue", "x-last-death-reason", "x-delivery-count", "x-acquired-count",
        "x-stream-offset", "x-stream-filter-value", "x-opt-delivery-time",
    ])
    func `The broker's own headers, and what would route a copy, stay behind`(name: String) {
        #expect(!PropertyFilter.allows(name.utf8))
    }

    @Test(arguments: [
        "", "cc", "Bcc", "CCC", "C", "traceparent", "cloudEvents:id", "cloudEvents_type", "x-postback-route",
        "x-postback-attempt",
        "x-postback-history", "x-first", "x-request-id", "X-Death-", "x-deat", "content-type",
    ])
    func `Everyone else's headers travel on`(name: String) {
        #expect(PropertyFilter.allows(name.utf8))
    }
}
