/// The value of a header of a dead letter.
package enum LetterValue: Sendable, Equatable {
    case text(String)
    case number(Int64)
    case flag(Bool)
    /// A kind that nobody here reads: a table, an array, a fraction.
    case other
}
