import Testing

@testable import sample_tracker

@Suite struct RequestReaderTests {
    /// Feeds the bytes in pieces of `size` and returns all requests that came of it.
    private func requests(_ text: String, size: Int = .max) throws -> [RequestReader.Request] {
        var reader = RequestReader()
        var requests: [RequestReader.Request] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(size))
            rest = rest.dropFirst(size)
            piece.withUnsafeBytes { reader.append($0) }
            while case .request(let request) = try reader.next() { requests.append(request) }
        }
        return requests
    }

    private static let three = """
        GET /a?x=1 HTTP/1.1\r\nHost: h\r\n\r\n\
        POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello\
        PUT http://h:80/c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: v\r\n\r\n
        """

    @Test(arguments: [1, 2, 3, 7, 64, Int.max])
    func `Requests are found however their bytes are cut`(size: Int) throws {
        let found = try requests(Self.three, size: size)
        #expect(found.map { String(decoding: $0.headBytes[$0.head.path], as: UTF8.self) } == ["/a", "/b", "/c"])
        #expect(found.map { String(decoding: $0.body, as: UTF8.self) } == ["", "hello", "abc0123456789"])
        #expect(found.map(\.head.method) == [.get, .post, .put])
        #expect(found.first.map { String(decoding: $0.headBytes[$0.head.query], as: UTF8.self) } == "x=1")
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: h\r\n\r\n", true), ("GET / HTTP/1.1\r\nHost: h\r\nConnection: Close\r\n\r\n", false),
        ("GET / HTTP/1.0\r\n\r\n", false), ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true),
    ])
    func `The version and the Connection field decide what becomes of the connection`(text: String, keeps: Bool) throws
    {
        #expect(try requests(text).map(\.head.keepsAlive) == [keeps])
    }

    @Test(arguments: [
        ("GET /\r\nHost: h\r\n\r\n", 400), ("GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400),
        ("GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", 400), ("GET /\u{e4} HTTP/1.1\r\nHost: h\r\n\r\n", 400),
        ("GET /#a HTTP/1.1\r\nHost: h\r\n\r\n", 400), ("GET x HTTP/1.1\r\nHost: h\r\n\r\n", 400),
        ("G(T / HTTP/1.1\r\nHost: h\r\n\r\n", 400), ("GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505),
        ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: h\r\nA : b\r\n\r\n", 400), ("GET / HTTP/1.1\nHost: h\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: h\r\nA: b\u{0}c\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: h\r\nA: b\rc\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1048577\r\n\r\n", 413),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n", 413),
    ])
    func `A malformed request is refused with the status that says so`(text: String, status: Int) {
        let error = #expect(throws: MalformedRequest.self) { _ = try requests(text) }
        #expect(error?.status == status)
    }

    @Test(arguments: [1000, Int.max])
    func `A head beyond the limit is refused, complete or not`(size: Int) {
        for end in ["", " HTTP/1.1\r\nHost: h\r\n\r\n"] {
            let text = "GET /" + String(repeating: "a", count: HeadParser.limit) + end
            let error = #expect(throws: MalformedRequest.self) { _ = try requests(text, size: size) }
            #expect(error?.status == 431)
        }
    }

    @Test func `Only a client that waits for it is told to continue, and once`() throws {
        var reader = RequestReader()
        let head = Array("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n".utf8)
        head.withUnsafeBytes { reader.append($0) }
        guard case .incomplete(sendContinue: true) = try reader.next(),
            case .incomplete(sendContinue: false) = try reader.next()
        else {
            Issue.record("100 Continue is sent once, when the head has come and the body has not")
            return
        }
        Array("ab".utf8).withUnsafeBytes { reader.append($0) }
        guard case .request(let request) = try reader.next() else {
            Issue.record("the body has come, so the request is complete")
            return
        }
        #expect(request.body == Array("ab".utf8))
    }
}
