/// Exchanges and queues, all durable.
extension AMQPConnection {
    package func declare(exchange: String, type: String = "direct") throws {
        _ = try call(40, 10, answer: 11) { writer in
            writer.number(UInt16(0))
            writer.shortText(exchange)
            writer.shortText(type)
            writer.number(UInt8(0b10))
            writer.table([])
        }
    }

    package func declare(queue: String, _ arguments: [AMQPField]) throws {
        _ = try call(50, 10, answer: 11) { writer in
            writer.number(UInt16(0))
            writer.shortText(queue)
            writer.number(UInt8(0b10))
            writer.table(arguments)
        }
    }

    package func bind(queue: String, to exchange: String, key: String) throws {
        _ = try call(50, 20, answer: 21) { writer in
            writer.number(UInt16(0))
            writer.shortText(queue)
            writer.shortText(exchange)
            writer.shortText(key)
            writer.number(UInt8(0))
            writer.table([])
        }
    }

    package func delete(queue: String) throws {
        _ = try call(50, 40, answer: 41) { writer in
            writer.number(UInt16(0))
            writer.shortText(queue)
            writer.number(UInt8(0))
        }
    }

    package func delete(exchange: String) throws {
        _ = try call(40, 20, answer: 21) { writer in
            writer.number(UInt16(0))
            writer.shortText(exchange)
            writer.number(UInt8(0))
        }
    }

    /// Messages ready and consumers of a queue; nil when there is no such queue.
    package func depth(of queue: String) throws -> (ready: Int, consumers: Int)? {
        do {
            var reader = try call(50, 10, answer: 11) { writer in
                writer.number(UInt16(0))
                writer.shortText(queue)
                writer.number(UInt8(0b1))
                writer.table([])
            }
            _ = try reader.shortText()
            return (Int(try reader.number(UInt32.self)), Int(try reader.number(UInt32.self)))
        } catch let failure as Failure where failure.code == 404 {
            return nil
        }
    }

    /// True when an exchange has this name.
    package func exchangeExists(_ exchange: String) throws -> Bool {
        do {
            _ = try call(40, 10, answer: 11) { writer in
                writer.number(UInt16(0))
                writer.shortText(exchange)
                writer.shortText("direct")
                writer.number(UInt8(0b11))
                writer.table([])
            }
            return true
        } catch let failure as Failure where failure.code == 404 {
            return false
        }
    }
}
