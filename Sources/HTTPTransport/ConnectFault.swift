// Types of the system belong to whichever C module the compiler met first, so all of them are imported.
internal import CCares
internal import CCurl
internal import CShims
internal import Glibc

/// Whose fault it is when no connection comes about.
enum ConnectFault {
    /// Whether it was the other side that said no, which it can only do over a network that works.
    static func isPeers(_ error: Int32) -> Bool { error == ECONNREFUSED || error == ECONNRESET }

    /// Whether an errno of connect(2) or socket(2) speaks of this machine and not of the destination.
    ///
    /// - Parameter isV6: the address is an IPv6 one. A machine without IPv6 may still know a route to it and only find no
    ///   address of its own to send from.
    /// - Parameter hasRoute: whether any way leads out of this machine, asked only where that decides: an address of
    ///   the one family that is not reachable from here is the destination's misfortune as long as the other is.
    static func isOurs(_ error: Int32, isV6: Bool = false, hasRoute: () -> Bool) -> Bool {
        switch error {
        // No descriptors, no memory, no port of our own left.
        case EMFILE, ENFILE, ENOBUFS, ENOMEM: true
        case EADDRNOTAVAIL: !isV6 || !hasRoute()
        case ENETUNREACH, ENETDOWN: !hasRoute()
        default: false
        }
    }

    /// Whether the kernel knows a route to a public IPv4 or IPv6 address. Connecting a datagram socket asks the routing
    /// table and sends nothing.
    static func hasRoute() -> Bool { hasRoute(AF_INET, "198.41.0.4") || hasRoute(AF_INET6, "2001:503:ba3e::2:30") }

    private static func hasRoute(_ family: Int32, _ address: String) -> Bool {
        let descriptor = shim_socket(family, Int32(SOCK_DGRAM.rawValue), 0)
        // Without a descriptor nothing can be said against the network.
        if descriptor < 0 { return errno == EMFILE || errno == ENFILE }
        defer { close(descriptor) }
        var name = sockaddr_in6()
        let port = in_port_t(53).bigEndian
        if family == AF_INET {
            return unsafe withUnsafeMutableBytes(of: &name) { bytes in
                guard let start = bytes.baseAddress else { return false }
                let v4 = unsafe start.assumingMemoryBound(to: sockaddr_in.self)
                unsafe v4.pointee.sin_family = sa_family_t(AF_INET)
                unsafe v4.pointee.sin_port = port
                unsafe inet_pton(AF_INET, address, &v4.pointee.sin_addr)
                return unsafe connects(descriptor, start, MemoryLayout<sockaddr_in>.size)
            }
        }
        name.sin6_family = sa_family_t(AF_INET6)
        name.sin6_port = port
        unsafe inet_pton(AF_INET6, address, &name.sin6_addr)
        return unsafe withUnsafeMutableBytes(of: &name) { bytes in
            guard let start = bytes.baseAddress else { return false }
            return unsafe connects(descriptor, start, MemoryLayout<sockaddr_in6>.size)
        }
    }

    private static func connects(_ descriptor: Int32, _ address: UnsafeMutableRawPointer, _ size: Int) -> Bool {
        unsafe connect(descriptor, address.assumingMemoryBound(to: sockaddr.self), socklen_t(size)) == 0
    }
}
