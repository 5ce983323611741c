/// Turns what a connection has received into answers and records. It decides; the server waits and sends.
struct Responder {
    /// Milliseconds since 1970; set by the server before each round.
    var now: Int64 = 0
    var statistics = Statistics()
    private let journal: Journal
    private let record: OutputFile?
    private let log: OutputFile?
    private var tally = Tally()
    private var answer = Answer()

    init(journal: Journal, record: OutputFile?, log: OutputFile?) {
        self.journal = journal
        self.record = record
        self.log = log
    }

    /// Answers the complete requests in the connection's input while nothing holds it up. True when there was one.
    mutating func answerNext(_ connection: Connection, schedule: (UInt64) -> Void) -> Bool {
        var answered = false
        while case .ready = connection.state, !connection.closesWhenSent, connection.unsent < Server.backlogLimit {
            do throws(MalformedRequest) {
                switch try connection.reader.next() {
                case .incomplete(let sendContinue):
                    if sendContinue { connection.output += "HTTP/1.1 100 Continue\r\n\r\n".utf8 }
                    return answered
                case .request(let request):
                    answered = true
                    take(request, on: connection, schedule: schedule)
                }
            } catch {
                refuse(error, on: connection)
                return true
            }
        }
        return answered
    }

    private mutating func take(
        _ request: RequestReader.Request,
        on connection: Connection,
        schedule: (UInt64) -> Void
    ) {
        connection.requests += 1
        let head = request.head
        var form = Answer.Form(
            isHead: head.method == .head,
            isVersion11: head.isVersion11,
            keepsAlive: head.keepsAlive
        )
        let path = request.headBytes[head.path]
        if ControlEndpoint.isAsked(path) {
            return control(request, form: form, on: connection)
        }
        var behaviour = Behaviour(path: path, query: QueryPairs(request.headBytes, in: head.query))
        let identity = RequestIdentity(head: head, bytes: request.headBytes)
        if head.method == .other || head.method == .delete {
            behaviour = Behaviour()
            behaviour.status = 405
        } else if behaviour.failFirst > tally.earlierRequests(of: identity) {
            behaviour.status = 503
            behaviour.body = nil
        }
        if behaviour.ending == .half { behaviour.ending = connection.requests > 1 ? .close : .answer }
        if behaviour.ending == .short || behaviour.closesAfter { form = form.closing }

        let isAnswered = behaviour.ending == .answer || behaviour.ending == .short
        let recorded = RecordedRequest(
            time: now,
            connection: connection.number,
            number: connection.requests,
            status: isAnswered ? behaviour.status : nil,
            headBytes: request.headBytes,
            head: head,
            body: request.body[...]
        )
        let pathText = String(decoding: path, as: UTF8.self)
        keep(recorded, path: pathText, identity: identity)

        let exchange = Exchange(behaviour: behaviour, form: form)
        if behaviour.delay > 0 {
            connection.state = .delayed(exchange)
            schedule(UInt64(behaviour.delay) * 1_000_000)
        } else {
            perform(exchange, on: connection)
        }
    }

    private mutating func keep(_ request: RecordedRequest, path: String, identity: RequestIdentity) {
        tally.count(path: path, status: request.status, identity: identity)
        statistics.requests += 1
        journal.append(request)
        if let record {
            var json = JSONText()
            request.write(to: &json)
            json.raw("\n")
            record.write(json.bytes)
        }
        if let log {
            let line = request.headBytes[request.head.methodName] + [0x20] + request.headBytes[request.head.target]
            log.write(line + Array(" -> \(request.status.map(String.init) ?? "no answer")\n".utf8))
        }
    }

    /// Does what the request asked for, now that its delay is over.
    mutating func perform(_ exchange: Exchange, on connection: Connection) {
        let behaviour = exchange.behaviour
        switch behaviour.ending {
        case .reset: return connection.reset()
        case .close, .half: connection.closesWhenSent = true
        case .hang: connection.state = .hanging
        case .garbage:
            connection.output += "\u{16}\u{3}\u{1} this is not HTTP\r\n\r\n".utf8
            connection.closesWhenSent = true
        case .answer, .short:
            let start = connection.output.count
            let earlier = connection.unsent
            answer.write(behaviour, form: exchange.form, now: now, to: &connection.output)
            if let size = behaviour.bigBody, !exchange.form.isHead, behaviour.status != 204, behaviour.status != 304 {
                generate(.filling(remaining: size), form: exchange.form, on: connection)
            }
            if behaviour.pace != .full {
                connection.state = .sending
                let headCount = HeadParser.endOfHead(connection.output, from: start).map { $0 - start } ?? 0
                connection.allowance = earlier + (behaviour.pace == .slow ? 1 : headCount + 1)
            }
            connection.closesWhenSent = !exchange.form.keepsAlive
        }
    }

    private func generate(_ source: GeneratedBody.Source, form: Answer.Form, on connection: Connection) {
        connection.generated = GeneratedBody(source, isChunked: form.isVersion11)
        connection.state = .sending
        if !form.isVersion11 { connection.closesWhenSent = true }
    }

    private mutating func control(_ request: RequestReader.Request, form: Answer.Form, on connection: Connection) {
        var behaviour = Behaviour()
        let statistics = statistics
        let journal = journal
        let reply = ControlEndpoint.reply(to: request, journal: journal, tally: &tally) {
            statistics.json(kept: journal.end - journal.first, dropped: journal.dropped)
        }
        var source: GeneratedBody.Source?
        var form = form
        switch reply {
        case .body(let body, let contentType):
            behaviour.body = body
            behaviour.contentType = Array(contentType.utf8)
        case .failure(let status, let text):
            behaviour.status = status
            behaviour.body = Array(text.utf8)
        case .generated(let listing, let contentType):
            behaviour.bigBody = 0
            behaviour.contentType = Array(contentType.utf8)
            source = listing
            if !form.isVersion11 { form = form.closing }
        }
        answer.write(behaviour, form: form, now: now, to: &connection.output)
        if let source, !form.isHead { generate(source, form: form, on: connection) }
        if !form.keepsAlive { connection.closesWhenSent = true }
    }

    private mutating func refuse(_ error: MalformedRequest, on connection: Connection) {
        statistics.malformed += 1
        statistics.lastMalformed = error.reason
        log?.write(Array("connection \(connection.number): \(error.reason) -> \(error.status)\n".utf8))
        var behaviour = Behaviour()
        behaviour.status = error.status
        behaviour.body = Array("\(error.reason)\n".utf8)
        let form = Answer.Form(isHead: false, isVersion11: true, keepsAlive: false)
        answer.write(behaviour, form: form, now: now, to: &connection.output)
        connection.closesWhenSent = true
    }
}
