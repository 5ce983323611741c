import Foundation
import Testing

@Suite struct ServingTests {
    @Test func `A request is answered and recorded`() throws {
        let tracker = try TrackerProcess()
        let client = try tracker.connect()
        try client.send("POST /pb?cid=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi")
        let reply = try client.readReply()
        #expect(reply.status == 200)
        #expect(reply.text == "ok")
        let record = try #require(try tracker.requests().first)
        #expect(record["method"] as? String == "POST")
        #expect(record["path"] as? String == "/pb")
        #expect(record["query"] as? [String: String] == ["cid": "1"])
        #expect(record["body"] as? String == "hi")
        #expect(record["status"] as? Int == 200)
        #expect(record["connection"] as? Int == 1)
        #expect(record["request"] as? Int == 1)
    }

    @Test(arguments: [200, 204, 302, 304, 404, 408, 425, 429, 500, 503, 599])
    func `The status is the one asked for`(status: Int) throws {
        let tracker = try TrackerProcess()
        #expect(try tracker.get("/pb?status=\(status)&location=/there").status == status)
        #expect(try tracker.get("/status/\(status)/pb").status == status)
    }

    @Test func `Headers and body are the ones asked for`() throws {
        let tracker = try TrackerProcess()
        let seconds = try tracker.get("/?status=429&retry_after=5&body=%7B%7D&content_type=application/json")
        #expect(seconds.headers["retry-after"] == "5")
        #expect(seconds.headers["content-type"] == "application/json")
        #expect(seconds.text == "{}")
        #expect(try tracker.get("/?retry_after=date:5").headers["retry-after"]?.hasSuffix(" GMT") == true)
        #expect(try tracker.get("/?status=302&location=http://h/a").headers["location"] == "http://h/a")
        #expect(try tracker.get("/headers/100000").headers["x-filler"]?.utf8.count == 100_000)
        #expect(try tracker.get("/?big=3000000").body.count == 3_000_000)
    }

    @Test func `Pipelined requests are answered in order on one connection`() throws {
        let tracker = try TrackerProcess()
        let client = try tracker.connect()
        let requests = ["/body/a", "/delay/50ms/body/b", "/big/200000", "/body/d"]
        try client.send(requests.map { "GET \($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined())
        #expect(try client.readReply().text == "a")
        #expect(try client.readReply().text == "b")
        #expect(try client.readReply().body.count == 200_000)
        #expect(try client.readReply().text == "d")
        #expect(try tracker.requests().map { $0["request"] as? Int } == [1, 2, 3, 4])
    }

    @Test func `A HEAD is answered without a body`() throws {
        let tracker = try TrackerProcess()
        let client = try tracker.connect()
        try client.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\nHEAD /big/9 HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(try client.readReply(hasBody: false).headers["content-length"] == "2")
        #expect(try client.readReply(hasBody: false).headers["transfer-encoding"] == "chunked")
        try client.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(try client.readReply().text == "ok")
    }

    @Test func `A delayed answer does not come before its time`() throws {
        let tracker = try TrackerProcess()
        let start = ContinuousClock.now
        #expect(try tracker.get("/?delay=300ms").status == 200)
        #expect(ContinuousClock.now - start >= .milliseconds(300))
        #expect(throws: RawClient.Failure.reset) { try tracker.get("/delay/50ms/reset") }
    }

    @Test func `A slow body comes a byte a second`() throws {
        let tracker = try TrackerProcess()
        let start = ContinuousClock.now
        #expect(try tracker.get("/?slow=body&body=abc").text == "abc")
        #expect(ContinuousClock.now - start >= .seconds(2))
    }

    @Test func `Without an answer the connection is reset or closed`() throws {
        let tracker = try TrackerProcess()
        #expect(throws: RawClient.Failure.reset) { try tracker.get("/reset") }
        #expect(throws: RawClient.Failure.ended([])) { try tracker.get("/close") }
        #expect(throws: RawClient.Failure.self) { try tracker.get("/garbage") }
        #expect(throws: RawClient.Failure.ended(Array("ok".utf8))) { try tracker.get("/short") }
        #expect(try tracker.object("/_count")["by_status"] as? [String: Int] == ["none": 3, "200": 1])
    }

    @Test func `A hanging request is never answered and does not hold up others`() throws {
        let tracker = try TrackerProcess()
        let hanging = try tracker.connect()
        try hanging.send("GET /hang HTTP/1.1\r\nHost: h\r\n\r\n")
        while try tracker.object("/_count")["total"] as? Int != 1 {}
        #expect(try tracker.get("/a").status == 200)
        // The one that asks, and the one that hangs; those of before may be closed later than their answers are read.
        let limit = ContinuousClock.now + .seconds(20)
        while try tracker.object("/_stats")["connections_open"] as? Int != 2, ContinuousClock.now < limit {}
        #expect(try tracker.object("/_stats")["connections_open"] as? Int == 2)
    }

    @Test func `Only a connection used before is closed halfway`() throws {
        let tracker = try TrackerProcess()
        let client = try tracker.connect()
        try client.send("GET /?half=1 HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(try client.readReply().status == 200)
        try client.send("GET /?half=1 HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(throws: RawClient.Failure.ended([])) { try client.readReply() }
        #expect(try tracker.requests().map { $0["status"] as? Int } == [200, nil])
    }

    @Test func `The first requests with a path and cid fail, each cid for itself`() throws {
        let tracker = try TrackerProcess()
        let answers = try ["1", "1", "2", "1", "2", "2", "1"].map {
            try tracker.get("/fail-first/2/x?cid=\($0)").status
        }
        #expect(answers == [503, 503, 503, 200, 503, 200, 200])
        let count = try tracker.object("/_count")
        #expect(count["duplicates_of_cid"] as? Int == 5)
        #expect(count["duplicate_deliveries_of_cid"] as? Int == 1)
    }

    @Test func `A malformed request is refused, the connection closed, and nothing recorded`() throws {
        let tracker = try TrackerProcess()
        let client = try tracker.connect()
        try client.send("GET /a b HTTP/1.1\r\nHost: h\r\n\r\nGET /c HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(try client.readReply().status == 400)
        #expect(try client.readToEnd() == [])
        #expect(try tracker.object("/_stats")["malformed"] as? Int == 1)
        #expect(try tracker.requests().isEmpty)
    }

    @Test func `A client that waits to send its body is told to go on`() throws {
        let tracker = try TrackerProcess()
        let client = try tracker.connect()
        try client.send("PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        #expect(try client.readReply().status == 100)
        try client.send([0xff, 0, 1])
        #expect(try client.readReply().status == 200)
        #expect(try tracker.requests().first?["body_base64"] as? String == "/wAB")
    }

    @Test func `The record is listed in part, and forgotten when told`() throws {
        let tracker = try TrackerProcess()
        for path in ["/a/1", "/b", "/a/2"] { _ = try tracker.get(path) }
        #expect(try tracker.requests("?path=/a").map { $0["path"] as? String } == ["/a/1", "/a/2"])
        #expect(try tracker.requests("?last=2").map { $0["path"] as? String } == ["/b", "/a/2"])
        #expect(try tracker.get("/_requests?lst=2").status == 400)
        #expect(try tracker.get("/_nothing").status == 404)
        let client = try tracker.connect()
        try client.send("DELETE /_requests HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(try client.readReply().status == 200)
        #expect(try tracker.requests().isEmpty)
        #expect(try tracker.object("/_count")["total"] as? Int == 0)
    }

    @Test func `The record file has each request before its answer is sent`() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("record-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("{\"earlier\":1}\n".utf8).write(to: file)
        let tracker = try TrackerProcess("--record", file.path)
        for path in ["/a", "/hang"] {
            try tracker.connect().send("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
        }
        _ = try tracker.get("/b")
        while try tracker.object("/_count")["total"] as? Int != 3 {}
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines.first == "{\"earlier\":1}")
    }

    @Test func `It ends well on SIGTERM, and when its stdin closes`() throws {
        #expect(try TrackerProcess().stop() == 0)
        let tracker = try TrackerProcess()
        tracker.closeInput()
        #expect(tracker.waitForEnd() == 0)
    }
}
