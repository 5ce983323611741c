internal import CCurl

/// The request headers of one transfer as libcurl wants them, in memory that is used again and again: the nodes are
/// ours, so that a delivery allocates none. libcurl only reads them.
@safe final class HeaderList {
    private var nodes: UnsafeMutableBufferPointer<curl_slist>
    private var text: UnsafeMutableBufferPointer<CChar>
    private var used = 0
    private var count = 0

    init() {
        unsafe nodes = .allocate(capacity: 8)
        unsafe text = .allocate(capacity: 512)
    }

    deinit {
        unsafe nodes.deallocate()
        unsafe text.deallocate()
    }

    /// What `CURLOPT_HTTPHEADER` takes; it changes only when the list outgrows its memory.
    var head: UnsafeMutablePointer<curl_slist>? { unsafe count == 0 ? nil : nodes.baseAddress }

    /// Makes room for `lines` headers of `bytes` bytes in all and forgets the old ones.
    func begin(lines: Int, bytes: Int) {
        used = 0
        count = 0
        if unsafe lines > nodes.count {
            unsafe nodes.deallocate()
            unsafe nodes = .allocate(capacity: lines * 2)
        }
        if unsafe bytes + lines > text.count {
            unsafe text.deallocate()
            unsafe text = .allocate(capacity: (bytes + lines) * 2)
        }
    }

    /// Adds one line, `Name: value` without its end; it must hold no CR, LF or NUL.
    func append(_ line: [UInt8]) { append(line, fixed: []) }

    /// Adds a line, and behind it in the same node a second one that never changes: libcurl searches the list for a
    /// dozen names in every request, so a node costs more than its bytes. `fixed` begins with CR and LF, or is empty.
    func append(_ line: [UInt8], fixed: [UInt8]) {
        guard let start = unsafe text.baseAddress.map({ unsafe $0 + used }) else { return }
        let target = UnsafeMutableRawPointer(start)
        unsafe line.withUnsafeBytes { bytes in
            if let source = bytes.baseAddress { unsafe target.copyMemory(from: source, byteCount: bytes.count) }
        }
        unsafe fixed.withUnsafeBytes { bytes in
            if let source = bytes.baseAddress {
                unsafe (target + line.count).copyMemory(from: source, byteCount: bytes.count)
            }
        }
        unsafe start[line.count + fixed.count] = 0
        used += line.count + fixed.count + 1
        unsafe nodes[count] = unsafe curl_slist(data: start, next: nil)
        if count > 0 { unsafe nodes[count - 1].next = unsafe nodes.baseAddress.map { unsafe $0 + count } }
        count += 1
    }
}
