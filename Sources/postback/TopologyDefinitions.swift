import RabbitMQ

/// The objects on the broker in the form that `rabbitmqctl import_definitions` reads.
struct TopologyDefinitions: Encodable {
    struct Exchange: Encodable {
        let name: String
        let vhost: String
        let type = "direct"
        let durable = true
        let auto_delete = false
        let `internal` = false
        let arguments: [String: Argument] = [:]
    }

    struct Queue: Encodable {
        let name: String
        let vhost: String
        let durable = true
        let auto_delete = false
        let arguments: [String: Argument]
    }

    struct Binding: Encodable {
        let source: String
        let vhost: String
        let destination: String
        let destination_type = "queue"
        let routing_key: String
        let arguments: [String: Argument] = [:]
    }

    struct Argument: Encodable {
        let value: FieldValue

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch value {
            case .text(let text): try container.encode(text)
            case .bytes(let bytes): try container.encode(String(decoding: bytes, as: UTF8.self))
            case .integer(let number): try container.encode(number)
            case .boolean(let flag): try container.encode(flag)
            case .timestamp(let seconds): try container.encode(seconds)
            case .table(let entries): try container.encode(Self.table(entries))
            }
        }

        static func table(_ entries: [TableEntry]) -> [String: Argument] {
            Dictionary(entries.map { ($0.name, Argument(value: $0.value)) }, uniquingKeysWith: { first, _ in first })
        }
    }

    let exchanges: [Exchange]
    let queues: [Queue]
    let bindings: [Binding]

    init(_ topology: Topology, vhost: String) {
        exchanges = [Exchange(name: topology.exchange, vhost: vhost)]
        queues = topology.queues.map { Queue(name: $0.name, vhost: vhost, arguments: Argument.table($0.arguments)) }
        bindings = topology.bindings.map {
            Binding(source: topology.exchange, vhost: vhost, destination: $0.queue, routing_key: $0.key)
        }
    }
}
