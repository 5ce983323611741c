/// The request line and header fields of one HTTP/1.x request, as ranges into the bytes that were parsed.
struct RequestHead {
    enum Method: String {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
        /// A correct method that this server does not serve.
        case other = ""
    }

    /// How the body that follows is delimited (RFC 9112, 6.3).
    enum BodyLength: Equatable {
        case fixed(Int)
        case chunked
    }

    struct Field {
        let name: Range<Int>
        let value: Range<Int>
    }

    var method = Method.other
    var methodName = 0..<0
    /// The request target as it was sent.
    var target = 0..<0
    /// The part of the target before `?`, without scheme and authority when it is an absolute one.
    var path = 0..<0
    /// The part of the target after `?`; empty when there is none.
    var query = 0..<0
    var isVersion11 = true
    var fields: [Field] = []
    var body = BodyLength.fixed(0)
    var keepsAlive = true
    var expectsContinue = false
}

/// Why a request is refused, with the status that says so; the connection is closed after it.
struct MalformedRequest: Error, Equatable {
    let status: Int
    let reason: String

    init(_ reason: String, status: Int = 400) {
        self.status = status
        self.reason = reason
    }
}
