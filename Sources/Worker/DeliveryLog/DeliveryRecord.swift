/// What a record of the delivery log says beyond the event it is about (`schemas/delivery.schema.json`). Times in
/// milliseconds since the Unix epoch, lengths of time in microseconds.
struct DeliveryRecord {
    /// How the delivery ended with this record.
    enum End {
        case delivered
        case retry(at: Int64?)
        case deadLetter(reason: String)
        case notSent

        var name: StaticString {
            switch self {
            case .delivered: "delivered"
            case .retry: "retry"
            case .deadLetter: "dead_letter"
            case .notSent: "not_sent"
            }
        }
    }

    /// The parts of an attempt's time, one after another; nil for what did not happen.
    struct Timings {
        var queue: Int64 = 0
        var dns: Int64?
        var connect: Int64?
        var tls: Int64?
        var firstByte: Int64?
        /// From the start of the attempt to its end.
        var total: Int64 = 0
    }

    /// One request, or the try to make one.
    struct Attempt {
        /// Counted from 1.
        var number = 1
        var status: Int?
        /// Why there was no answer, in libcurl's words.
        var error: String?
        var peer: [UInt8] = []
        var sends = 0
        var timings = Timings()
        /// Of the answer's body.
        var bytes = 0
        /// The masked head of the answer's body; empty where it is not told.
        var answer: [UInt8] = []
    }

    var at: Int64
    var verdict: StaticString
    var end: End
    /// In words; nil for what needs none.
    var reason: String?
    /// Which rule kept it from being sent.
    var rule: String?
    /// The route key; empty for none.
    var route: [UInt8] = []
    var routeStart = 0
    var host: [UInt8] = []
    /// Masked. In two parts, so that a delivered one needs no text of its own.
    var urlOrigin: [UInt8] = []
    var urlRest: [UInt8] = []
    var attempt: Attempt?
    /// False for a message that holds no valid event: nothing is told of one then.
    var hasEvent = true
    /// The replay it came from.
    var replay: [UInt8] = []

    init(at: Int64, verdict: StaticString, end: End) {
        self.at = at
        self.verdict = verdict
        self.end = end
    }
}
