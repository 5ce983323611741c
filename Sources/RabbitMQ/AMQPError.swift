internal import CRabbitMQ

/// What went wrong between us and the broker. Every one ends the connection: librabbitmq's state is not to be trusted
/// afterwards (PLUMBING 1.1), and a new connection is cheap.
package struct AMQPError: Error, Sendable, CustomStringConvertible {
    package enum Kind: Sendable, Equatable {
        /// No TCP or TLS connection, or it broke, or the peer fell silent.
        case connectionLost
        /// The broker refused user, password or vhost, or asked for what we cannot give.
        case refused
        /// The broker closed channel or connection with an AMQP reply code, such as 404, 403, 406.
        case closed(code: UInt16)
        /// The broker took our consumer away: its queue was deleted or its node went down.
        case consumerCancelled
        /// What was to be sent cannot be encoded: names over 255 bytes, headers over a frame.
        case unencodable
        /// The broker did not answer in time.
        case timeout
    }

    package let kind: Kind
    package let description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// From a negative status of the library (`AMQP_STATUS_*`).
    init(status: Int32, during action: String) {
        let text = unsafe String(cString: amqp_error_string2(status))
        let kind: Kind = status == AMQP_STATUS_TIMEOUT.rawValue ? .timeout : .connectionLost
        self.init(kind, "\(action): \(text)")
    }

    /// From the reply of a remote procedure call.
    init(reply: amqp_rpc_reply_t, during action: String) {
        switch unsafe reply.reply_type {
        case AMQP_RESPONSE_LIBRARY_EXCEPTION:
            unsafe self.init(status: reply.library_error, during: action)
        case AMQP_RESPONSE_SERVER_EXCEPTION:
            unsafe self.init(method: reply.reply, during: action)
        default:
            self.init(.connectionLost, "\(action): the connection ended")
        }
    }

    /// From a `channel.close` or `connection.close` of the broker.
    init(method: amqp_method_t, during action: String) {
        guard let decoded = unsafe method.decoded else {
            self.init(.connectionLost, "\(action): the broker sent an unreadable answer")
            return
        }
        switch unsafe method.id {
        case UInt32(AMQP_CONNECTION_CLOSE_METHOD):
            let close = unsafe decoded.assumingMemoryBound(to: amqp_connection_close_t.self).pointee
            unsafe self.init(
                .closed(code: close.reply_code),
                unsafe "\(action): the broker closed the connection: \(close.reply_text.text)"
            )
        case UInt32(AMQP_CHANNEL_CLOSE_METHOD):
            let close = unsafe decoded.assumingMemoryBound(to: amqp_channel_close_t.self).pointee
            unsafe self.init(
                .closed(code: close.reply_code),
                unsafe "\(action): the broker closed the channel: \(close.reply_text.text)"
            )
        default:
            self.init(.connectionLost, unsafe "\(action): the broker sent method \(method.id) out of turn")
        }
    }
}
