/// The request headers of a transfer.
extension Transfer {
    /// Sets the request headers; each line is `Name: value`. One that holds CR, LF or NUL fails the transfer. `User-Agent` is added
    /// unless one of them is.
    package func setHeaders(_ lines: [[UInt8]]) {
        self.lines = lines
        soleLine.removeAll(keepingCapacity: true)
        hasBrokenHeader = lines.contains { !WordScan.isOneLine($0) }
        headers.begin(lines: lines.count + 1, bytes: lines.reduce(userAgentLine.count) { $0 + $1.count })
        for line in lines { headers.append(line) }
        if !lines.contains(where: Self.isUserAgent) { headers.append(Array(userAgentLine.dropFirst(2))) }
    }

    /// Sets one header beside `User-Agent`; the usual case costs no allocation.
    package func setHeader(_ line: [UInt8]) {
        if !lines.isEmpty { lines = [] }
        hasBrokenHeader = !WordScan.isOneLine(line)
        soleLine.removeAll(keepingCapacity: true)
        soleLine.append(contentsOf: line)
    }

    static func isUserAgent(_ line: [UInt8]) -> Bool { line.isHeader("user-agent:") }

    /// Leaves only what may go to another host than the postback names: whatever else the publisher set may be a key.
    func dropCredentials() {
        if lines.isEmpty { return }
        setHeaders(
            lines.filter {
                $0.isHeader("idempotency-key:") || $0.isHeader("traceparent:") || $0.isHeader("content-type:")
                    || $0.isHeader("user-agent:") || $0.isHeader("accept:") || $0.isHeader("webhook-id:")
                    || $0.isHeader("webhook-timestamp:") || $0.isHeader("webhook-signature:")
            }
        )
    }
}

extension [UInt8] {
    /// Whether a header line has this name; `name` in lower case, with its colon.
    fileprivate func isHeader(_ name: StaticString) -> Bool {
        count >= name.utf8CodeUnitCount
            && zip(self, name.description.utf8).allSatisfy { ($0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0) == $1 }
    }
}
