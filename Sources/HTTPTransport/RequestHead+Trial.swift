internal import CCares
internal import CCurl
internal import CShims
internal import Glibc

/// libcurl promises nothing of the way that `RequestHead` goes, so it is tried: one request to ourselves.
extension RequestHead {
    /// Sends one request through a pair of sockets, in which the answer lies already, and looks at what came out of it.
    /// No network, no thread, no wait: both fit into the buffers of the sockets.
    ///
    /// - Returns: false also when the trial could not be made.
    static func isSeenOnTheWire() -> Bool {
        var pair: [Int32] = [-1, -1]
        guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0 else { return false }
        let (ours, libcurls) = (pair[0], pair[1])
        defer {
            close(ours)
            close(libcurls)
        }
        let answer = Array("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".utf8)
        guard unsafe write(ours, answer, answer.count) == answer.count else { return false }

        let target = Array("/pb?cid=a%20b".utf8) + afterTarget(host: "a.example", port: 80, isTLS: false)
        let line = Array("Idempotency-Key: 1".utf8)
        guard request(target + line + end, through: libcurls) else { return false }
        var seen = [UInt8](repeating: 0, count: 4096)
        let count = unsafe recv(ours, &seen, seen.count, Int32(MSG_DONTWAIT))
        let wanted = target + line + end.dropLast() + Array(" HTTP/1.1\r\n\r\n".utf8)
        return count > 0 && seen[..<count].elementsEqual(Array("GET ".utf8) + wanted)
    }

    /// - Parameters:
    ///   - head: for `CURLOPT_REQUEST_TARGET`, with the zero at the end.
    ///   - descriptor: a connected socket, which stays open.
    private static func request(_ head: [UInt8], through descriptor: Int32) -> Bool {
        guard let easy = unsafe curl_easy_init() else { return false }
        let headers = silenced()
        defer { withExtendedLifetime(headers) { unsafe curl_easy_cleanup(easy) } }
        func set(_ option: CURLoption, _ value: UnsafeRawPointer?) -> Int32 {
            unsafe shim_easy_set_pointer(easy, Int32(option.rawValue), value)
        }
        let codes = unsafe [
            // Nobody is dialled: the socket for this address is there, and connected.
            "http://127.0.0.1/".withCString { unsafe set(CURLOPT_URL, $0) },
            "".withCString { unsafe set(CURLOPT_PROXY, $0) },
            set(CURLOPT_OPENSOCKETDATA, UnsafeRawPointer(bitPattern: Int(descriptor))),
            shim_easy_set_open(easy) { context, _, _ in Int32(Int(bitPattern: context)) },
            shim_easy_set_socket_option(easy) { _, _, _ in Int32(CURL_SOCKOPT_ALREADY_CONNECTED) },
            shim_easy_set_close(easy) { _, _ in 0 },
            shim_easy_set_long(easy, Int32(CURLOPT_NOSIGNAL.rawValue), 1),
            shim_easy_set_long(easy, Int32(CURLOPT_TIMEOUT_MS.rawValue), 1000),
            set(CURLOPT_HTTPHEADER, headers.head),
            head.withUnsafeBytes { unsafe set(CURLOPT_REQUEST_TARGET, $0.baseAddress) },
        ]
        guard codes.allSatisfy({ $0 == 0 }) else { return false }
        return unsafe curl_easy_perform(easy) == CURLE_OK
    }
}
