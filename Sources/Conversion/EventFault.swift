/// Why a message is not a conversion event: where in the JSON, what is wrong, what is allowed.
package struct EventFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// A JSONPath as in RFC 9535: `$.payout.amount`, `$.sub_ids['1']`; `$` for the whole body. An attribute of a binary
    /// CloudEvent is named by its header: `cloudEvents:id`.
    package let path: String
    /// One sentence for the engineer who sent the event.
    package let reason: String
    /// The byte in the body, from 0, where it shows; the body's length when the body ends too early.
    package let offset: Int

    /// Puts a fault together; the decoder makes its own.
    package init(path: String, reason: String, offset: Int) {
        self.path = path
        self.reason = reason
        self.offset = offset
    }

    /// `$.payout.amount: ... (byte 112)`
    package var description: String {
        "\(path): \(reason) (byte \(offset))"
    }
}
