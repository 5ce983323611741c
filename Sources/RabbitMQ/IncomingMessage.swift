internal import CRabbitMQ

/// A message as it lies in the library's buffer: valid only during the call that hands it over. Copy what must stay.
@safe package struct IncomingMessage {
    package let deliveryTag: UInt64
    package let redelivered: Bool
    package let body: UnsafeRawBufferPointer
    /// The basic properties as the broker encoded them; `PublishRequest.properties` takes them again.
    package let encodedProperties: UnsafeRawBufferPointer
    let properties: UnsafePointer<amqp_basic_properties_t>

    private func has(_ flag: Int32) -> Bool { unsafe properties.pointee._flags & UInt32(bitPattern: flag) != 0 }

    package var hasHeaders: Bool { unsafe has(AMQP_BASIC_HEADERS_FLAG) && properties.pointee.headers.num_entries > 0 }

    package var contentType: UnsafeRawBufferPointer {
        unsafe has(AMQP_BASIC_CONTENT_TYPE_FLAG)
            ? properties.pointee.content_type.buffer : UnsafeRawBufferPointer(start: nil, count: 0)
    }

    /// A header's value as it lies in the buffer. Kinds that nobody here reads (tables, arrays, floats) are `other`.
    @safe package enum Value {
        case bytes(UnsafeRawBufferPointer)
        case integer(Int64)
        case boolean(Bool)
        case other
    }

    /// Calls `visit` with the name and value of every header, in the order of the message; no allocation.
    package func forEachHeader(_ visit: (UnsafeRawBufferPointer, Value) -> Void) {
        guard hasHeaders, let entries = unsafe properties.pointee.headers.entries else { return }
        for index in unsafe 0..<Int(properties.pointee.headers.num_entries) {
            let entry = unsafe entries[index]
            unsafe visit(entry.key.buffer, Value(entry.value))
        }
    }
}

extension IncomingMessage.Value {
    init(_ field: amqp_field_value_t) {
        switch unsafe UInt32(field.kind) {
        case AMQP_FIELD_KIND_UTF8.rawValue, AMQP_FIELD_KIND_BYTES.rawValue:
            self = unsafe .bytes(field.value.bytes.buffer)
        case AMQP_FIELD_KIND_I8.rawValue: self = unsafe .integer(Int64(field.value.i8))
        case AMQP_FIELD_KIND_U8.rawValue: self = unsafe .integer(Int64(field.value.u8))
        case AMQP_FIELD_KIND_I16.rawValue: self = unsafe .integer(Int64(field.value.i16))
        case AMQP_FIELD_KIND_U16.rawValue: self = unsafe .integer(Int64(field.value.u16))
        case AMQP_FIELD_KIND_I32.rawValue: self = unsafe .integer(Int64(field.value.i32))
        case AMQP_FIELD_KIND_U32.rawValue: self = unsafe .integer(Int64(field.value.u32))
        case AMQP_FIELD_KIND_I64.rawValue: self = unsafe .integer(field.value.i64)
        case AMQP_FIELD_KIND_U64.rawValue, AMQP_FIELD_KIND_TIMESTAMP.rawValue:
            self = unsafe .integer(Int64(clamping: field.value.u64))
        case AMQP_FIELD_KIND_BOOLEAN.rawValue: self = unsafe .boolean(field.value.boolean != 0)
        default: self = .other
        }
    }
}
