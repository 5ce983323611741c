// Types of the system belong to whichever C module the compiler met first, so all of them are imported.
internal import CCares
internal import CCurl
internal import CShims
internal import Glibc

/// libcurl promises nothing of the way that `RequestHead` goes, so it is tried: one request to ourselves.
extension RequestHead {
    /// What the trial has open.
    private struct Sockets {
        var listener: Int32
        var accepted: Int32 = -1
    }

    private static let answer = Array("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".utf8)

    /// Sends one request over loopback and looks at what came out of libcurl. The answer is written before the request
    /// is, so that one thread does for both ends.
    ///
    /// - Returns: false also when the trial could not be made.
    static func isSeenOnTheWire() -> Bool {
        let listener = shim_socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0 else { return false }
        defer { close(listener) }
        guard let port = listen(on: listener) else { return false }

        let target = Array("/pb?cid=a%20b".utf8) + afterTarget(host: "a.example", port: 80, isTLS: false)
        let line = Array("Idempotency-Key: 1".utf8)
        var sockets = Sockets(listener: listener)
        let isOver = request(target + line + end, port: port, &sockets)
        guard sockets.accepted >= 0 else { return false }
        defer { close(sockets.accepted) }
        var seen = [UInt8](repeating: 0, count: 4096)
        let count = unsafe recv(sockets.accepted, &seen, seen.count, Int32(MSG_DONTWAIT))
        let wanted = Array("GET ".utf8) + target + line + end.dropLast() + Array(" HTTP/1.1\r\n\r\n".utf8)
        return isOver && count > 0 && seen[..<count].elementsEqual(wanted)
    }

    /// - Returns: the port of 127.0.0.1 that it listens on.
    private static func listen(on listener: Int32) -> UInt16? {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(listener, $0, size) == 0 && Glibc.listen(listener, 1) == 0
                    && getsockname(listener, $0, &size) == 0
            }
        }
        return isBound ? UInt16(bigEndian: address.sin_port) : nil
    }

    /// - Parameter head: for `CURLOPT_REQUEST_TARGET`, with the zero at the end.
    private static func request(_ head: [UInt8], port: UInt16, _ sockets: inout Sockets) -> Bool {
        guard let easy = unsafe curl_easy_init() else { return false }
        let headers = silenced()
        defer { withExtendedLifetime(headers) { unsafe curl_easy_cleanup(easy) } }
        func set(_ option: CURLoption, _ value: UnsafeRawPointer?) -> Int32 {
            unsafe shim_easy_set_pointer(easy, Int32(option.rawValue), value)
        }
        return unsafe withUnsafeMutablePointer(to: &sockets) { sockets in
            let codes = unsafe [
                "http://127.0.0.1:\(port)/".withCString { unsafe set(CURLOPT_URL, $0) },
                "".withCString { unsafe set(CURLOPT_PROXY, $0) },
                set(CURLOPT_HTTPHEADER, headers.head),
                head.withUnsafeBytes { unsafe set(CURLOPT_REQUEST_TARGET, $0.baseAddress) },
                set(CURLOPT_PREREQDATA, sockets),
                shim_easy_set_prereq(easy) { context, _, _, _, _ in unsafe RequestHead.accept(context) },
                shim_easy_set_long(easy, Int32(CURLOPT_NOSIGNAL.rawValue), 1),
                shim_easy_set_long(easy, Int32(CURLOPT_TIMEOUT_MS.rawValue), 1000),
            ]
            return unsafe codes.allSatisfy { $0 == 0 } && curl_easy_perform(easy) == CURLE_OK
        }
    }

    /// Between the connection and the request.
    private static func accept(_ context: UnsafeMutableRawPointer?) -> Int32 {
        guard let sockets = unsafe context?.assumingMemoryBound(to: Sockets.self) else {
            return Int32(CURL_PREREQFUNC_ABORT)
        }
        let accepted = unsafe Glibc.accept(sockets.pointee.listener, nil, nil)
        unsafe sockets.pointee.accepted = accepted
        let isAnswered = unsafe accepted >= 0 && write(accepted, answer, answer.count) == answer.count
        return Int32(isAnswered ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT)
    }
}
