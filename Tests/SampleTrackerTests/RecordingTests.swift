import Testing

@testable import sample_tracker

@Suite struct RecordingTests {
    private func request(_ target: String, headers: String = "", body: [UInt8] = []) throws -> RecordedRequest {
        let bytes = Array("GET \(target) HTTP/1.1\r\nHost: h\r\n\(headers)\r\n".utf8)
        return RecordedRequest(
            time: 1,
            connection: 2,
            number: 3,
            status: nil,
            headBytes: bytes,
            head: try HeadParser.parse(bytes),
            body: body[...]
        )
    }

    private func json(_ request: RecordedRequest) -> String {
        var json = JSONText()
        request.write(to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test func `A record has everything that came, decoded`() throws {
        let text = json(
            try request("/p?a=1%202&b=%22%0A&a=3&c", headers: "X-A: 1\r\nx-a: 2\r\n", body: Array("\u{e9}".utf8))
        )
        #expect(
            text == #"{"time":1,"connection":2,"request":3,"status":null,"method":"GET","#
                + #""target":"/p?a=1%202&b=%22%0A&a=3&c","path":"/p","query":{"a":"1 2","b":"\"\n","c":""},"repeated":["a"],"#
                + #""headers":{"host":"h","x-a":"1, 2"},"body":"é"}"#
        )
    }

    @Test func `A body that is not UTF-8 is recorded in base64`() throws {
        #expect(json(try request("/", body: [0xff, 0xfe])).hasSuffix(#","body_base64":"//4="}"#))
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy"),
    ])
    func `Base64 gives the vectors of RFC 4648`(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)[...]) == Array(encoded.utf8))
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
        (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"), (1_798_761_599, "Thu, 31 Dec 2026 23:59:59 GMT"),
    ])
    func `A date is written as HTTP wants it`(seconds: Int64, text: String) {
        #expect(HTTPDate(seconds: seconds).text == text)
    }

    @Test func `The journal gives back what it was given, in order, across its segments`() throws {
        let journal = Journal()
        let body = [UInt8](repeating: 7, count: 300_000)
        for number in 0..<10 { journal.append(try request("/\(number)", body: body)) }
        var next = 0
        var paths: [String] = []
        while let (sequence, found) = journal.request(from: next) {
            next = sequence + 1
            paths.append(String(decoding: found.headBytes[found.head.path], as: UTF8.self))
            #expect(found.body.elementsEqual(body))
        }
        #expect(paths == (0..<10).map { "/\($0)" })
        journal.removeAll()
        #expect(journal.request(from: 0) == nil)
        journal.append(try request("/new"))
        #expect(journal.request(from: 0)?.sequence == 10)
    }

    @Test func `The journal keeps the last million requests`() throws {
        let journal = Journal()
        let one = try request("/")
        for _ in 0..<Journal.requestLimit + 5 { journal.append(one) }
        #expect(journal.end == Journal.requestLimit + 5)
        #expect(journal.end - journal.first + journal.dropped == journal.end)
        #expect(journal.end - journal.first <= Journal.requestLimit)
        #expect(journal.end - journal.first > Journal.requestLimit - 50_000)
    }

    @Test func `Repetitions are told apart: of a click, of a delivered click, of a key`() throws {
        var tally = Tally()
        for (target, status) in [
            ("/a?cid=1", 503), ("/a?cid=1", 200), ("/b?cid=1", 200), ("/a?cid=1", 200), ("/a", 200),
        ] {
            let request = try request(target, headers: "Idempotency-Key: k\r\n")
            let identity = RequestIdentity(head: request.head, bytes: request.headBytes)
            tally.count(path: target.prefix(2).description, status: status, identity: identity)
        }
        #expect(
            String(decoding: tally.json, as: UTF8.self)
                == #"{"total":5,"by_path":{"/a":4,"/b":1},"by_status":{"200":4,"503":1},"duplicates_of_cid":2,"#
                + #""duplicate_deliveries_of_cid":1,"duplicates_of_key":4}"# + "\n"
        )
    }

    @Test(arguments: [UInt64(1), 2, 3, 4, 5])
    func `Timers come due in the order of their deadlines`(seed: UInt64) {
        var timers = TimerQueue()
        var state = seed
        let deadlines = (0..<200).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 54
        }
        for deadline in deadlines { timers.add(TimerQueue.Timer(deadline: deadline, descriptor: 0, connection: 0)) }
        let middle = deadlines.sorted()[100]
        var taken: [UInt64] = []
        while let timer = timers.takeDue(at: middle) { taken.append(timer.deadline) }
        #expect(taken == deadlines.filter { $0 <= middle }.sorted())
        #expect(timers.next == deadlines.filter { $0 > middle }.min())
    }

    @Test(arguments: [
        ("127.0.0.1:0", "127.0.0.1:0"), ("[::1]:80", "[::1]:80"), ("localhost:65535", "localhost:65535"),
    ])
    func `An address to listen on is read`(text: String, read: String) {
        #expect(ListenAddress(argument: text)?.description == read)
    }

    @Test(arguments: ["127.0.0.1", ":80", "::1:80", "h:", "h:65536", "h:+1", "h:x"])
    func `What is no address to listen on is refused`(text: String) {
        #expect(ListenAddress(argument: text) == nil)
    }
}
