/// A known bug, built into the simulated publisher for whoever doubts that the oracle sees anything.
package enum PlantedBug: String, CaseIterable, Sendable {
    /// A hand-off counts as confirmed when it is sent.
    case acknowledgementBeforeConfirm = "ack-before-confirm"
    /// `basic.return` is ignored: the confirm that follows it counts.
    case lostReturn = "lost-return"
    /// Every outcome of a hand-off is told twice.
    case doubleSettlement = "double-settle"
}
