internal import CRabbitMQ
internal import CShims
internal import Glibc

/// Declares, inspects and reads broker objects over a short-lived connection of its own, blocking: for start-up and
/// for the commands, never for a loop. A refused request closes its channel, so each goes over a fresh connection
/// after a failure.
@safe package final class BrokerAdmin {
    package let url: BrokerURL
    private let tls: BrokerTLS
    let name: String
    private var open: Connection?

    package init(_ url: BrokerURL, tls: BrokerTLS, name: String) throws(AMQPError) {
        self.url = url
        self.tls = tls
        self.name = name
        open = try Connection(to: url, tls: tls, name: name)
    }

    package func close() {
        open?.close()
        open = nil
    }

    /// Runs one request; a failure closes the connection, and the next request opens another.
    private func request<Answer>(
        _ action: String,
        _ body: (Connection, CallArena) -> Answer?
    ) throws(AMQPError) -> Answer {
        let connection: Connection
        if let open { connection = open } else { connection = try Connection(to: url, tls: tls, name: name) }
        open = connection
        connection.arena.reset()
        let answer = body(connection, connection.arena)
        do {
            try connection.check(action)
        } catch {
            open = nil
            throw error
        }
        connection.releaseFrames()
        guard let answer else { throw AMQPError(.connectionLost, "\(action): no answer") }
        return answer
    }

    package func declareExchange(_ exchange: String) throws(AMQPError) {
        try declare(exchange, "declaring", isPassive: false)
    }

    private func declare(_ exchange: String, _ verb: String, isPassive: Bool) throws(AMQPError) {
        try request("\(verb) exchange \(exchange)") { connection, arena in
            unsafe amqp_exchange_declare(
                connection.state,
                Connection.channel,
                arena.bytes(exchange),
                arena.bytes("direct"),
                isPassive ? 1 : 0,
                isPassive ? 0 : 1,
                0,
                0,
                amqp_empty_table
            )
            return ()
        }
    }

    /// Declares the queue; one that is there already must have equal arguments, or the broker answers 406.
    package func declare(_ queue: Topology.Queue) throws(AMQPError) {
        try request("declaring queue \(queue.name)") { connection, arena in
            unsafe amqp_queue_declare(
                connection.state,
                Connection.channel,
                arena.bytes(queue.name),
                0,
                1,
                0,
                0,
                arena.table(queue.arguments.map { unsafe arena.entry($0) })
            )
            return ()
        }
    }

    package func bind(_ binding: Topology.Binding, to exchange: String) throws(AMQPError) {
        try request("binding queue \(binding.queue) to exchange \(exchange)") { connection, arena in
            unsafe amqp_queue_bind(
                connection.state,
                Connection.channel,
                arena.bytes(binding.queue),
                arena.bytes(exchange),
                arena.bytes(binding.key),
                amqp_empty_table
            )
            return ()
        }
    }

    /// How many messages are ready and how many consumers there are; nil when there is no such queue.
    package func depth(of queue: String) throws(AMQPError) -> (ready: Int, consumers: Int)? {
        do {
            return try request("looking at queue \(queue)") { connection, arena in
                unsafe amqp_queue_declare(
                    connection.state,
                    Connection.channel,
                    arena.bytes(queue),
                    1,
                    0,
                    0,
                    0,
                    amqp_empty_table
                )
                .map { unsafe (Int($0.pointee.message_count), Int($0.pointee.consumer_count)) }
            }
        } catch {
            if case .closed(code: 404) = error.kind { return nil }
            throw error
        }
    }

    /// True when there is an exchange of this name.
    package func exchangeExists(_ exchange: String) throws(AMQPError) -> Bool {
        do {
            try declare(exchange, "looking at", isPassive: true)
            return true
        } catch {
            if case .closed(code: 404) = error.kind { return false }
            throw error
        }
    }

    package func delete(queue: String) throws(AMQPError) {
        try request("deleting queue \(queue)") { connection, arena in
            unsafe amqp_queue_delete(connection.state, Connection.channel, arena.bytes(queue), 0, 0)
            return ()
        }
    }

    package func delete(exchange: String) throws(AMQPError) {
        try request("deleting exchange \(exchange)") { connection, arena in
            unsafe amqp_exchange_delete(connection.state, Connection.channel, arena.bytes(exchange), 0)
            return ()
        }
    }

    /// What the broker says it is, such as `RabbitMQ 3.10.8`.
    package var server: String {
        guard let open, let table = unsafe amqp_get_server_properties(open.state) else { return "an unknown broker" }
        var parts: [String: String] = [:]
        for index in unsafe 0..<Int(table.pointee.num_entries) {
            let entry = unsafe table.pointee.entries[index]
            if case .bytes(let bytes) = unsafe IncomingMessage.Value(entry.value) {
                unsafe parts[entry.key.text] = unsafe String(decoding: bytes, as: UTF8.self)
            }
        }
        return "\(parts["product"] ?? "a broker") \(parts["version"] ?? "")"
    }
}

extension BrokerAdmin {
    /// The headers of the message at the head of a queue, as text; nil when none comes within two seconds. The message
    /// goes back to its place, which counts as one of its deliveries.
    package func peek(_ queue: String, tls: BrokerTLS) throws(AMQPError) -> [String: String]? {
        let before = try depth(of: queue)?.ready ?? 0
        // Not with `basic.nack`: RabbitMQ 3.10 puts what that gives back behind the others.
        let browser = try QueueBrowser(url, tls: tls, name: "\(name) peek", queue: queue) { _ in 1 }
        var headers: [String: String]?
        for _ in 0..<200 where headers == nil {
            _ = try browser.receive(limit: 1) { _, message in
                var found: [String: String] = [:]
                unsafe message.forEachHeader { name, value in
                    let name = unsafe String(decoding: name, as: UTF8.self)
                    switch value {
                    case .bytes(let bytes): found[name] = unsafe String(decoding: bytes, as: UTF8.self)
                    case .integer(let number): found[name] = String(number)
                    case .boolean(let flag): found[name] = String(flag)
                    case .other: break
                    }
                }
                headers = found
            }
            if headers == nil {
                var entry = pollfd(fd: browser.descriptor, events: Int16(POLLIN), revents: 0)
                unsafe poll(&entry, 1, 10)
            }
        }
        try browser.release()
        // The broker answers the goodbye before the message is back, and whoever looks next would miss it.
        for _ in 0..<250 {
            if try depth(of: queue)?.ready ?? 0 >= before { break }
            usleep(20_000)
        }
        return headers
    }
}
