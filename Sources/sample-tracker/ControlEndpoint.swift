/// The paths that begin with `/_`: what was recorded, and forgetting it.
struct ControlEndpoint {
    enum Reply {
        case body([UInt8], contentType: String)
        case generated(GeneratedBody.Source, contentType: String)
        case failure(status: Int, text: String)
    }

    static func isAsked(_ path: ArraySlice<UInt8>) -> Bool {
        path.starts(with: "/_".utf8)
    }

    /// Answers one control request. `stats` is the server's own count.
    static func reply(
        to request: RequestReader.Request,
        journal: Journal,
        tally: inout Tally,
        stats: () -> [UInt8]
    ) -> Reply {
        let head = request.head
        let path = String(decoding: request.headBytes[head.path], as: UTF8.self)
        switch (path, head.method) {
        case ("/_requests", .get), ("/_requests", .head):
            return listing(of: journal, query: QueryPairs(request.headBytes, in: head.query))
        case ("/_requests", .delete):
            journal.removeAll()
            tally = Tally()
            return .body(Array("forgotten\n".utf8), contentType: "text/plain")
        case ("/_count", .get), ("/_count", .head): return .body(tally.json, contentType: "application/json")
        case ("/_stats", .get), ("/_stats", .head): return .body(stats(), contentType: "application/json")
        case ("/_requests", _), ("/_count", _), ("/_stats", _):
            return .failure(status: 405, text: "\(path) takes GET, and /_requests also DELETE\n")
        default: return .failure(status: 404, text: "there is /_requests, /_count and /_stats, not \(path)\n")
        }
    }

    private static func listing(of journal: Journal, query: QueryPairs) -> Reply {
        var prefix: [UInt8] = []
        var next = journal.first
        for (name, value) in query {
            switch String(decoding: name, as: UTF8.self) {
            case "path": prefix = PercentDecoding.decode(value, plusIsBlank: false)
            case "last":
                guard let last = Int(String(decoding: value, as: UTF8.self)), last >= 0 else {
                    return .failure(status: 400, text: "last is a number of requests\n")
                }
                next = max(next, journal.end - min(last, journal.end))
            case let name: return .failure(status: 400, text: "/_requests takes path and last, not \(name)\n")
            }
        }
        return .generated(
            .requests(journal: journal, next: next, end: journal.end, prefix: prefix),
            contentType: "application/x-ndjson"
        )
    }
}
