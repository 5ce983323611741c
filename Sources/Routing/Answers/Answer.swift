/// What a postback's own rules make of an answer.
package enum Answer: Sendable, Equatable {
    /// The success rule holds.
    case delivered
    /// The duplicate rule holds: the receiver has it already. Counts as delivered.
    case duplicate
    /// A 2xx, but the success rule fails: permanent. The reason has at most some 400 characters and no control ones.
    case rejected(reason: String)
    /// The rules say nothing here: the status decides (CONTRACT section 5).
    case byStatus
}
