/// How a transfer ended, as facts; what to do about it is decided in `Delivery`.
package enum TransferResult: Sendable, Equatable {
    /// A status line and all headers came; the body may be cut off (`bodyComplete` false).
    case answered(status: Int, bodyComplete: Bool)
    case failed(TransferFailure)
}

package struct TransferFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        case resolve, connect, tls, send, receive, timeout
        /// The other side refused the connection, or broke it off while it was made.
        case refused
        /// The egress policy refuses the address or the port.
        case blocked
        /// libcurl cannot make a request of it.
        case invalidURL
        /// Not the destination's fault: no descriptors, no memory, no name server in reach.
        case local
    }

    package let kind: Kind
    package let description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
