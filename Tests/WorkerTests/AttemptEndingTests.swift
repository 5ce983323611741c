import Delivery
import Testing

@testable import HTTPTransport
@testable import Worker

@Suite struct AttemptEndingTests {
    /// Only `unreachable` and `timedOut` can be laid on our own network.
    @Test(
        arguments: [
            (.refused, .refused), (.tls, .refused), (.receive, .refused), (.connect, .unreachable),
            (.resolve, .unreachable), (.send, .unreachable), (.timeout, .timedOut), (.local, .silent),
            (.blocked, .silent), (.invalidURL, .silent),
        ] as [(TransferFailure.Kind, AttemptEnding)]
    )
    func `A sign of life is told from silence`(kind: TransferFailure.Kind, ending: AttemptEnding) {
        #expect(AttemptEnding(AttemptResult(.failed(AttemptFailure(kind), description: ""), sends: 0)) == ending)
    }
}
