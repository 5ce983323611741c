import Delivery
import Testing

@testable import Worker

@Suite struct VerdictWordTests {
    @Test(arguments: [(0, "own_fault"), (1, "unknown_outcome"), (2, "unknown_outcome")])
    func `What was sent may have arrived, also when the fault is our own`(sends: Int, word: String) {
        #expect("\(Delivery.Verdict.ownFault(reason: "nobody answers").word(sends: sends))" == word)
    }
}
