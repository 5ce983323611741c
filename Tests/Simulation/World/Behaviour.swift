/// What comes of a request.
enum Behaviour {
    /// An answer; `body` decides where the route has answer rules.
    case answer(status: Int, headers: [String: String] = [:], body: String = "OK")
    /// Status and headers, then the connection breaks.
    case cutAnswer(status: Int)
    /// It is received, and nothing comes back; `accepts`: it takes effect.
    case silence(accepts: Bool)
    /// It is received and takes effect, and the answer comes too late.
    case lateAnswer
    /// It is received, and the connection breaks; `accepts`: it takes effect.
    case breakOff(accepts: Bool)
    /// The kept-alive connection was dead: libcurl sends it again; `accepts`: both take effect.
    case resend(accepts: Bool)
    case refusal
    case noAddress
    case noTLS
    /// Nobody is there: no connection comes about in time.
    case nobody
    /// To the next host, once.
    case redirect
    case blocked
    /// Descriptors, memory: our own.
    case localFault
}

/// How a host feels: it stays so for a while.
enum Mood: Int, CaseIterable {
    case well, slow, flaky, failing, throttling, rejecting, dead, vague, strange

    func behaviour(_ dice: Dice) -> Behaviour {
        switch self {
        case .well: return .answer(status: dice.chance(0.1) ? 204 : 200)
        case .slow: return dice.chance(0.1) ? .lateAnswer : .answer(status: 200)
        case .flaky:
            return dice.draw([
                (6, .answer(status: 200)), (1, .answer(status: 500)), (1, .breakOff(accepts: dice.chance(0.5))),
                (1, .refusal), (0.5, .resend(accepts: dice.chance(0.5))), (0.5, .cutAnswer(status: 200)),
            ])
        case .failing: return .answer(status: dice.pick([500, 502, 503, 408, 425]))
        case .throttling:
            let value = dice.pick(["1", "7", "60", "Thu, 01 Jan 1970 00:00:00 GMT", "soon", "99999999999999"])
            let wait = value.hasPrefix("9") && dice.chance(0.9) ? "2" : value
            return .answer(status: dice.pick([429, 503]), headers: ["Retry-After": wait])
        case .rejecting: return .answer(status: dice.pick([400, 404, 410, 302, 451]))
        case .dead: return dice.draw([(3, .nobody), (2, .refusal), (1, .noAddress), (1, .noTLS)])
        case .vague:
            return dice.draw([
                (1, .silence(accepts: true)), (1, .silence(accepts: false)), (1, .lateAnswer),
                (1, .breakOff(accepts: true)), (2, .answer(status: 200)),
            ])
        case .strange:
            return dice.draw([
                (4, .answer(status: 200)), (1, .redirect), (0.3, .blocked), (1, .localFault),
                (1, .answer(status: 200, body: "DUPLICATE")), (1, .answer(status: 200, body: "ERROR")),
                (1, .answer(status: 101)),
            ])
        }
    }
}
