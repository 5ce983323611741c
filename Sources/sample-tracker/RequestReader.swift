/// Cuts the bytes of one connection into requests, with pipelining.
struct RequestReader {
    /// One complete request.
    struct Request {
        let head: RequestHead
        /// The bytes that `head` refers to, from the start of the request line; the body is not in them.
        let headBytes: [UInt8]
        let body: [UInt8]
    }

    enum Outcome {
        /// More bytes are needed. True when the client waits for `100 Continue` before it sends the body.
        case incomplete(sendContinue: Bool)
        case request(Request)
    }

    /// A head whose body is still arriving.
    private struct OpenRequest {
        let head: RequestHead
        let headBytes: [UInt8]
        var body: BodyReader
    }

    private var input: [UInt8] = []
    private var start = 0
    private var searched = 0
    private var open: OpenRequest?

    /// Bytes that have arrived and belong to no complete request yet.
    var pending: Int { input.count - start }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        input.append(contentsOf: bytes)
    }

    /// The next request, if all of it has arrived.
    mutating func next() throws(MalformedRequest) -> Outcome {
        let isNew = open == nil
        if open == nil { open = try beginRequest() }
        guard var current = open else { return .incomplete(sendContinue: false) }
        guard try current.body.read(input) else {
            open = current
            return .incomplete(sendContinue: isNew && current.head.expectsContinue)
        }
        open = nil
        start = current.body.position
        searched = start
        compact()
        return .request(Request(head: current.head, headBytes: current.headBytes, body: current.body.body))
    }

    private mutating func beginRequest() throws(MalformedRequest) -> OpenRequest? {
        // An empty line before a request is to be ignored (RFC 9112, 2.2).
        while pending >= 2, input[start] == UInt8(ascii: "\r"), input[start + 1] == UInt8(ascii: "\n") {
            start += 2
        }
        let tooLong = MalformedRequest("a head of more than \(HeadParser.limit) bytes", status: 431)
        guard let end = HeadParser.endOfHead(input, from: max(start, searched - 3)) else {
            guard pending <= HeadParser.limit else { throw tooLong }
            searched = input.count
            compact()
            return nil
        }
        guard end - start <= HeadParser.limit else { throw tooLong }
        let headBytes = Array(input[start..<end])
        let head = try HeadParser.parse(headBytes)
        return OpenRequest(head: head, headBytes: headBytes, body: BodyReader(head.body, from: end))
    }

    private mutating func compact() {
        if start == input.count {
            input.removeAll(keepingCapacity: input.capacity <= 16 * 1024)
        } else if start > 64 * 1024 {
            input.removeSubrange(..<start)
        } else {
            return
        }
        searched -= min(searched, start)
        start = 0
    }
}
