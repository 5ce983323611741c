import Glibc
import RabbitMQ
import TestSupport
import Testing

@Suite struct ConnectionTests {
    private func failure(_ script: @escaping @Sendable (BrokerSession) throws -> Void) throws -> AMQPError? {
        let broker = try ScriptedBroker(script)
        defer { broker.stop() }
        let error = #expect(throws: AMQPError.self) { _ = try broker.consume() }
        #expect(broker.surprises.all == [])
        #expect(error?.description.contains("s3cret-pass") == false)
        return error
    }

    @Test func `It says who it is and asks for what a worker must hear of`() throws {
        let login = Journal<[String: String]>()
        let broker = try ScriptedBroker { session in
            try session.start()
            var startOK = try session.expect(10, 11)
            let properties = startOK.table()
            let (mechanism, response) = (startOK.shortString(), startOK.longString())
            try session.send(
                .method(10, 30, channel: 0) { writer in
                    writer.short(2047)
                    writer.long(131_072)
                    writer.short(60)
                }
            )
            var tuneOK = try session.expect(10, 31)
            let tune = "\(tuneOK.short()) \(tuneOK.long()) \(tuneOK.short())"
            var open = try session.expect(10, 40)
            login.add(
                properties.merging([
                    "mechanism": mechanism, "response": response, "tune": tune, "vhost": open.shortString(),
                ]) { $1 }
            )
            try session.send(.method(10, 41, channel: 0) { $0.shortString("") })
            try session.expect(20, 10)
            try session.send(.method(20, 11) { $0.longString("") })
            try session.expect(10, 50)
            try session.send(.method(10, 51, channel: 0))
        }
        defer { broker.stop() }
        let connection = try broker.connect()
        connection.close()
        let seen = try #require(login.all.first)
        #expect(seen["connection_name"] == "a test")
        #expect(seen["product"] == "postback")
        #expect(seen["capabilities.consumer_cancel_notify"] == "true")
        #expect(seen["capabilities.connection.blocked"] == "true")
        #expect(seen["mechanism"] == "PLAIN")
        #expect(seen["response"] == "\0worker\0s3cret-pass")
        #expect(seen["vhost"] == "/")
        #expect(seen["tune"] == "2047 131072 30")
        #expect(broker.surprises.all == [])
    }

    @Test func `Nobody there`() throws {
        let port = try LoopbackListener().port
        let url = try BrokerURL(parsing: "amqp://worker:s3cret-pass@127.0.0.1:\(port)")
        let error = #expect(throws: AMQPError.self) { try Connection(to: url, tls: BrokerTLS(), name: "x") }
        #expect(error?.kind == .connectionLost)
        #expect(error?.description.contains("connecting to amqp://worker:***@127.0.0.1:\(port)/%2F") == true)
    }

    @Test func `A wrong password is refused, with the broker's words`() throws {
        let error = try failure { session in
            try session.start()
            try session.expect(10, 11)
            try session.send(BrokerSession.closeConnection(403, "ACCESS_REFUSED - Login was refused"))
            _ = try? session.expect(10, 51)
        }
        #expect(error?.kind == .refused)
        #expect(error?.description.contains("ACCESS_REFUSED - Login was refused") == true)
        #expect(error?.description.contains("403") == true)
    }

    @Test func `A vhost that is not there is refused`() throws {
        let error = try failure { session in
            try session.start()
            try session.expect(10, 11)
            try session.tune()
            try session.expect(10, 40)
            try session.send(BrokerSession.closeConnection(530, "NOT_ALLOWED - vhost / not found"))
            _ = try? session.expect(10, 51)
        }
        #expect(error?.kind == .refused)
        #expect(error?.description.contains("vhost / not found") == true)
    }

    @Test func `A queue that is not there closes the channel with 404`() throws {
        let error = try failure { session in
            try session.greet()
            try session.expect(60, 10)
            try session.send(.method(60, 11))
            try session.expect(60, 20)
            try session.send(BrokerSession.closeChannel(404, "NOT_FOUND - no queue 'postback.conversions'"))
            _ = try? session.read()
        }
        #expect(error?.kind == .closed(code: 404))
        #expect(error?.description.contains("no queue 'postback.conversions'") == true)
    }

    @Test(arguments: [
        "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", "AMQP\u{0}\u{1}\u{0}\u{0}",
        "\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}",
        "AMQP\u{0}\u{0}\u{9}\u{1}", "",
    ])
    func `Something that is no AMQP 0-9-1 broker`(greeting: String) throws {
        let error = try failure { session in
            _ = try session.stream.read(8)
            try session.stream.write(Array(greeting.utf8))
        }
        #expect(error?.kind == .connectionLost)
    }

    @Test func `One that hangs up after each step of the greeting`() throws {
        for step in 0..<7 {
            let error = try failure { session in
                let steps: [() throws -> Void] = [
                    { try session.start() }, { try session.expect(10, 11) }, { try session.tune() },
                    { try session.expect(10, 40) },
                    { try session.send(.method(10, 41, channel: 0) { $0.shortString("") }) },
                    { try session.expect(20, 10) },
                    { try session.send(.method(20, 11) { $0.longString("") }) },
                ]
                for index in 0..<step { try steps[index]() }
            }
            #expect(error?.kind == .connectionLost)
        }
    }

    /// Bounded by the handshake time-out of 5 s; the broker here would wait for 20.
    @Test func `One that never answers the login is given up`() throws {
        let error = try failure { session in
            try session.start()
            try session.expect(10, 11)
            if (try? session.stream.read(1)) != nil { throw SocketFailure.silence }
        }
        #expect(error?.kind == .timeout)
    }
}
