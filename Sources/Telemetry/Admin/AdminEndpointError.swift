/// Why the admin endpoint cannot listen. All of these are mended in the key `admin.listen`.
package enum AdminEndpointError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Not `HOST:PORT` with an IP address.
    case invalidAddress(String)
    /// Another process listens there.
    case addressInUse(String)
    /// This machine does not have that address.
    case addressNotAvailable(String)
    /// A port below 1024 without the right to it.
    case notPermitted(String)
    /// Anything else, in the system's words.
    case failed(String, String)

    package var description: String {
        switch self {
        case .invalidAddress(let address):
            """
            admin.listen: "\(address)" is not an address to listen on; write an IP address and a port, for example \
            127.0.0.1:9464, 0.0.0.0:9464 or [::1]:9464
            """
        case .addressInUse(let address):
            """
            admin.listen: \(address) is in use by another process (another postback on this machine?); \
            choose another port or stop that process
            """
        case .addressNotAvailable(let address):
            "admin.listen: \(address) is not an address of this machine; 0.0.0.0 listens on all it has"
        case .notPermitted(let address):
            "admin.listen: no permission to listen on \(address); choose a port of 1024 or above"
        case .failed(let address, let reason):
            "admin.listen: cannot listen on \(address): \(reason)"
        }
    }
}
