/// What it means that a message was given back to its queue so many times. Pure.
///
/// Only the broker's count (`x-delivery-count`) outlives a crash, and it counts all that the dead worker held, guilty
/// or not; connections that broke and, before RabbitMQ 4.3, workers that stopped are in it too. So a count alone
/// condemns nobody: the higher it is, the fewer such messages are taken at a time, at last one alone in the whole
/// process. What is given back again and again even then is what kills.
package enum Suspicion {
    /// Given back so often, a message is taken with few others.
    package static let begins = 3
    /// Given back so often, it is taken alone.
    package static let alone = 5
    /// Given back so often, it is poison. A neighbour is given back with it once more for each replica that had both in
    /// a wide window just then: with a dozen of them it comes to 16. RabbitMQ ends a message itself that was given back
    /// more than 20 times, without a word, where its queue has our limit or, on 4.x, none.
    package static let poison = 18

    /// How many messages of this count may be in hand at a time.
    /// - Parameter prefetch: how many there may be of those that are not suspicious.
    package static func width(returns: Int, prefetch: Int) -> Int {
        switch returns {
        case ..<begins: prefetch
        case begins: min(prefetch, 100)
        case begins + 1..<alone: min(prefetch, 10)
        default: 1
        }
    }

    package static func isSuspect(returns: Int) -> Bool { returns >= begins }
    package static func isPoison(returns: Int) -> Bool { returns >= poison }
}
