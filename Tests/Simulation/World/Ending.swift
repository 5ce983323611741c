/// What a lane is told of a request.
enum Ending: Equatable {
    case success
    /// An answer that no further attempt would change.
    case rejection
    case blocked
    /// It failed, and the host was heard of. `asked`: its `Retry-After` in milliseconds; `closes`: it asks with it not
    /// to be called before (429, 503).
    case failure(asked: Int64?, closes: Bool)
    /// Nobody was heard of, which may be the fault of our own network.
    case silence
    /// Costs no attempt.
    case ownFault

    static let failure = Ending.failure(asked: nil, closes: false)

    /// The network works.
    var isHeard: Bool {
        switch self {
        case .success, .rejection, .failure: true
        case .blocked, .silence, .ownFault: false
        }
    }
}
