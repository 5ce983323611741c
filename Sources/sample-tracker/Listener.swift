import Glibc

/// The listening socket. It lives as long as the process.
struct Listener {
    let descriptor: Int32
    /// Where it really listens: the port is the one that the kernel chose when 0 was asked for.
    let address: String

    init(_ wanted: ListenAddress) throws {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let resolved = getaddrinfo(wanted.host, wanted.port, &hints, &found)
        guard resolved == 0, let list = found else {
            throw TrackerError("cannot resolve \(wanted): \(String(cString: gai_strerror(resolved)))")
        }
        defer { freeaddrinfo(list) }

        let family = list.pointee.ai_family
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw TrackerError("cannot make a socket", code: errno) }
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, list.pointee.ai_addr, list.pointee.ai_addrlen) == 0, Glibc.listen(descriptor, 4096) == 0
        else {
            let code = errno
            close(descriptor)
            throw TrackerError("cannot listen on \(wanted)", code: code)
        }
        self.descriptor = descriptor
        address = Self.boundAddress(of: descriptor) ?? wanted.description
    }

    private static func boundAddress(of descriptor: Int32) -> String? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
        let failed = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                getsockname(descriptor, generic, &length) != 0
                    || getnameinfo(
                        generic,
                        length,
                        &host,
                        socklen_t(host.count),
                        &port,
                        socklen_t(port.count),
                        NI_NUMERICHOST | NI_NUMERICSERV
                    ) != 0
            }
        }
        guard !failed else { return nil }
        return ListenAddress(host: Self.text(host), port: Self.text(port)).description
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The next waiting connection, or the reason why there is none (EAGAIN when nobody waits).
    func accept() -> Result<Int32, SystemCode> {
        let descriptor = Glibc.accept(descriptor, nil, nil)
        guard descriptor >= 0 else { return .failure(SystemCode(errno)) }
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        return .success(descriptor)
    }
}
