internal import CRabbitMQ

/// A value in an AMQP header or argument table that we write.
package enum FieldValue: Sendable, Equatable {
    case text(String)
    case bytes([UInt8])
    case integer(Int64)
    case boolean(Bool)
    /// A time, in seconds since the Unix epoch.
    case timestamp(seconds: UInt64)
    case table([TableEntry])
}

package struct TableEntry: Sendable, Equatable {
    package var name: String
    package var value: FieldValue

    package init(_ name: String, _ value: FieldValue) {
        self.name = name
        self.value = value
    }
}

extension CallArena {
    func entry(_ entry: TableEntry) -> amqp_table_entry_t {
        unsafe amqp_table_entry_t(key: bytes(entry.name), value: value(entry.value))
    }

    private func value(_ value: FieldValue) -> amqp_field_value_t {
        var field = unsafe amqp_field_value_t()
        switch value {
        case .text(let text):
            unsafe field.kind = UInt8(AMQP_FIELD_KIND_UTF8.rawValue)
            unsafe field.value.bytes = unsafe bytes(text)
        case .bytes(let raw):
            unsafe field.kind = UInt8(AMQP_FIELD_KIND_UTF8.rawValue)
            unsafe field.value.bytes = unsafe bytes(raw)
        case .integer(let number):
            unsafe field.kind = UInt8(AMQP_FIELD_KIND_I64.rawValue)
            unsafe field.value.i64 = number
        case .boolean(let flag):
            unsafe field.kind = UInt8(AMQP_FIELD_KIND_BOOLEAN.rawValue)
            unsafe field.value.boolean = flag ? 1 : 0
        case .timestamp(let seconds):
            unsafe field.kind = UInt8(AMQP_FIELD_KIND_TIMESTAMP.rawValue)
            unsafe field.value.u64 = seconds
        case .table(let entries):
            unsafe field.kind = UInt8(AMQP_FIELD_KIND_TABLE.rawValue)
            unsafe field.value.table = unsafe table(entries.map { unsafe self.entry($0) })
        }
        return unsafe field
    }
}
