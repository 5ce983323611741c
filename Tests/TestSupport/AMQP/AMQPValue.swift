/// A value in a table of AMQP 0-9-1, as RabbitMQ writes them (its "field types" errata).
package enum AMQPValue: Sendable, Equatable {
    case boolean(Bool)
    case byte(Int8)
    case short(Int16)
    case int(Int32)
    case long(Int64)
    case double(Double)
    case text(String)
    case bytes([UInt8])
    case timestamp(UInt64)
    case array([AMQPValue])
    case table([AMQPField])
    case void
    /// A table that is nested too deep to be taken apart, as its bytes.
    case deep([UInt8])

    package var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    /// Any of the whole numbers.
    package var number: Int64? {
        switch self {
        case .byte(let value): Int64(value)
        case .short(let value): Int64(value)
        case .int(let value): Int64(value)
        case .long(let value): value
        default: nil
        }
    }
}

package struct AMQPField: Sendable, Equatable {
    package let name: String
    package let value: AMQPValue

    package init(_ name: String, _ value: AMQPValue) {
        self.name = name
        self.value = value
    }
}

extension [AMQPField] {
    /// The value of a header; nil when there is none of that name.
    package subscript(_ name: String) -> AMQPValue? { first { $0.name == name }?.value }
}
