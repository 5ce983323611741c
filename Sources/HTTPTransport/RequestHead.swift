internal import CCurl
internal import CShims

/// The way by which the head of a plain GET reaches the wire in one piece.
///
/// libcurl prints every header character by character, at about 100 instructions each, and `Host` twice; for a short
/// request that is a third of what it does in all. Only what `CURLOPT_REQUEST_TARGET` holds is copied as it is. So the
/// target goes on after the path, with the rest of the request line and the headers. libcurl then ends the request line
/// in its own way, ` HTTP/1.1` and CRLF: that is made the value of a last header, `X-Protocol`.
///
/// Whoever puts something into it answers for it: it must be one target and whole lines (`WordScan`).
enum RequestHead {
    /// Whether the libcurl that is loaded was seen to do that, once per process (`RequestHead+Trial`); one that does not
    /// gets its headers one by one.
    static let isProven = isSeenOnTheWire()

    /// What comes between the target and the headers of the request.
    static func afterTarget(host: String, port: UInt16, isTLS: Bool) -> [UInt8] {
        let name = host.contains(":") ? "[\(host)]" : host
        let place = port == (isTLS ? 443 : 80) ? name : "\(name):\(port)"
        return Array(" HTTP/1.1\r\nHost: \(place)\r\nAccept: */*\r\n".utf8)
    }

    /// What comes last; libcurl adds the value. With the zero at the end.
    static let end = Array("\r\nX-Protocol:\0".utf8)

    /// The headers that libcurl is not to add itself.
    static func silenced() -> HeaderList {
        let list = HeaderList()
        list.begin(lines: 2, bytes: 16)
        list.append(Array("Host:".utf8))
        list.append(Array("Accept:".utf8))
        return list
    }
}

extension Transfer {
    /// Whether this request is so plain that its head can go in one piece.
    private var goesInOnePiece: Bool {
        options.sendsHeadInOnePiece && !soleLine.isEmpty && method == .get && !usesHTTP2
    }

    /// Gives libcurl target and headers.
    func setHead(_ origin: Origin) throws(TransferFailure) {
        let isOnePiece = goesInOnePiece
        if isOnePiece {
            head.removeAll(keepingCapacity: true)
            head.append(contentsOf: target)
            head.append(contentsOf: origin.afterTarget)
            head.append(contentsOf: soleLine)
            head.append(contentsOf: userAgentLine)
            head.append(contentsOf: RequestHead.end)
            try setTarget(head)
        } else {
            if !soleLine.isEmpty {
                headers.begin(lines: 1, bytes: soleLine.count + userAgentLine.count)
                headers.append(soleLine, fixed: userAgentLine)
            }
            target.append(0)
            defer { target.removeLast() }
            try setTarget(target)
        }
        let list = unsafe isOnePiece ? silenced.head : headers.head
        if unsafe applied.headers != list {
            unsafe try set(CURLOPT_HTTPHEADER, UnsafeRawPointer(list))
            unsafe applied.headers = unsafe list
        }
    }

    /// - Parameter text: with a zero at the end; libcurl copies it.
    private func setTarget(_ text: [UInt8]) throws(TransferFailure) {
        let code = unsafe text.withUnsafeBytes {
            unsafe shim_easy_set_pointer(easy, Int32(CURLOPT_REQUEST_TARGET.rawValue), $0.baseAddress)
        }
        try check(code)
    }
}
