/// How one request wants to be answered, as it says in its path and its query.
struct Behaviour: Equatable {
    /// What happens instead of a correct answer.
    enum Ending: Equatable {
        case answer
        case reset
        case close
        case hang
        case garbage
        case short
        /// As `close`, on a connection that has carried a request before; else an answer.
        case half
    }

    enum RetryAfter: Equatable {
        case seconds(Int)
        /// Seconds from now, sent as an HTTP date.
        case date(Int)
    }

    enum Pace: Equatable {
        case full
        /// One byte a second of the body, after a head at full speed.
        case slowBody
        /// One byte a second of everything.
        case slow
    }

    var status = 200
    /// Milliseconds.
    var delay = 0
    var retryAfter: RetryAfter?
    /// nil: `ok` with a 2xx status, the status's name with others.
    var body: [UInt8]?
    var contentType: [UInt8]?
    var location: [UInt8]?
    /// Bytes of an extra header field.
    var extraHeader = 0
    /// Bytes of a chunked body that replaces `body`.
    var bigBody: Int?
    /// How many requests are refused with 503 before one is answered.
    var failFirst = 0
    var pace = Pace.full
    var ending = Ending.answer
    var closesAfter = false

    /// The largest number of bytes that can be asked for: 16 GiB in a body, 16 MiB in a header.
    private static let bodyLimit = 16 * 1024 * 1024 * 1024
    private static let headerLimit = 16 * 1024 * 1024

    init() {}

    /// What the request's path says, and then its query.
    init(path: ArraySlice<UInt8>, query: QueryPairs) {
        readPath(path)
        for (name, value) in query where name.count <= 12 {
            take(String(decoding: name, as: UTF8.self), value)
        }
    }

    private mutating func readPath(_ path: ArraySlice<UInt8>) {
        var rest = path
        while let word = Self.takeSegment(&rest) {
            switch Self.word(word) {
            case let name
            where ["reset", "close", "hang", "slow", "garbage", "short", "half", "close_after"].contains(name):
                take(name, [UInt8(ascii: "1")])
            case let name
            where ["status", "delay", "retry_after", "body", "big", "headers", "fail_first"].contains(name):
                guard let value = Self.takeSegment(&rest), take(name, value) else { return }
            default: return
            }
        }
    }

    /// Takes one word and its value. False when the word is none of ours or the value makes no sense.
    @discardableResult
    private mutating func take(_ name: String, _ value: ArraySlice<UInt8>) -> Bool {
        switch name {
        case "status": return Self.set(&status, Self.number(value, in: 200...599))
        case "delay": return Self.set(&delay, Self.milliseconds(value))
        case "retry_after": return Self.set(&retryAfter, Self.retryAfter(value))
        case "body": body = PercentDecoding.decode(value)
        case "content_type": return Self.set(&contentType, Self.headerValue(value))
        case "location": return Self.set(&location, Self.headerValue(value))
        case "headers": return Self.set(&extraHeader, Self.number(value, in: 0...Self.headerLimit))
        case "big": return Self.set(&bigBody, Self.number(value, in: 0...Self.bodyLimit))
        case "fail_first": return Self.set(&failFirst, Self.number(value, in: 0...1_000_000))
        case "slow":
            return Self.set(&pace, Self.isOn(value) ? .slow : value.elementsEqual("body".utf8) ? .slowBody : nil)
        case "close_after": return Self.set(&closesAfter, Self.isOn(value) ? true : nil)
        case "reset": return Self.set(&ending, Self.isOn(value) ? .reset : nil)
        case "close": return Self.set(&ending, Self.isOn(value) ? .close : nil)
        case "hang": return Self.set(&ending, Self.isOn(value) ? .hang : nil)
        case "half": return Self.set(&ending, Self.isOn(value) ? .half : nil)
        case "garbage": return Self.set(&ending, Self.isOn(value) ? .garbage : nil)
        case "short": return Self.set(&ending, Self.isOn(value) ? .short : nil)
        default: return false
        }
        return true
    }
}
