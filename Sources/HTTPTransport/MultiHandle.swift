internal import CCurl
internal import CShims

/// One libcurl multi handle: its transfers, its connection cache and its one timer. Several share a loop, because the
/// cost of a transfer grows with the connections in its handle (`HTTPTransport+Shards`). Confined to the loop's thread.
@safe class MultiHandle {
    let multi: UnsafeMutableRawPointer
    let index: Int
    private(set) var count = 0
    /// Whether it is among `HTTPTransport.acted`.
    var hasActed = false
    /// Monotonic nanoseconds from which on one transfer has libcurl forget old addresses.
    var tidyAt: Int64 = 0
    /// Why libcurl refuses to go on with the handle: it is of no use any more, and its transfers would never end.
    private(set) var fault: TransferFailure?
    private unowned let transport: HTTPTransport

    init(index: Int, connections: Int, transport: HTTPTransport) throws(TransferFailure) {
        guard let multi = unsafe curl_multi_init() else {
            throw TransferFailure(.local, "no memory for a multi handle")
        }
        unsafe self.multi = unsafe multi
        self.index = index
        self.transport = transport
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        let codes = unsafe [
            shim_multi_set_long(multi, Int32(CURLMOPT_MAXCONNECTS.rawValue), connections),
            shim_multi_set_long(multi, Int32(CURLMOPT_PIPELINING.rawValue), Int(CURLPIPE_MULTIPLEX)),
            shim_multi_set_pointer(multi, Int32(CURLMOPT_SOCKETDATA.rawValue), me),
            shim_multi_set_pointer(multi, Int32(CURLMOPT_TIMERDATA.rawValue), me),
            shim_multi_set_socket(multi) { _, descriptor, what, context, _ in
                guard let context = unsafe context else { return -1 }
                let me = unsafe Unmanaged<MultiHandle>.fromOpaque(context).takeUnretainedValue()
                return me.transport.watch(descriptor, what: what, shard: me.index)
            },
            unsafe shim_multi_set_timer(multi) { _, milliseconds, context in
                guard let context = unsafe context else { return -1 }
                let me = unsafe Unmanaged<MultiHandle>.fromOpaque(context).takeUnretainedValue()
                let now = me.transport.now
                me.transport.deadlines[me.index] = milliseconds < 0 ? .max : now + Int64(milliseconds) * 1_000_000
                return 0
            },
        ]
        if let code = codes.first(where: { $0 != 0 }) {
            // Every property is set by now: deinit frees the handle.
            throw TransferFailure(.local, "curl_multi_setopt: \(code)")
        }
    }

    deinit {
        unsafe curl_multi_cleanup(multi)
    }

    /// Closes the oldest idle connections from now on when there are more than so many.
    func keep(_ connections: Int) {
        // The same call has gone well in `init`.
        _ = unsafe shim_multi_set_long(multi, Int32(CURLMOPT_MAXCONNECTS.rawValue), connections)
    }

    func add(_ transfer: Transfer) throws(TransferFailure) {
        let code = unsafe curl_multi_add_handle(multi, transfer.easy)
        if code != CURLM_OK {
            // One that could not be replaced is tried again.
            if fault != nil { transport.acts(self) }
            throw TransferFailure(.local, unsafe "libcurl: \(String(cString: curl_multi_strerror(code)))")
        }
        count += 1
    }

    /// Takes a transfer out. libcurl refuses that only when one of the two handles is of no use: see `fault`.
    func remove(_ transfer: Transfer) {
        count -= 1
        note(takeOut(transfer))
    }

    /// Something happened on one of its sockets.
    func act(on descriptor: Int32, mask: Int32) {
        transport.acts(self)
        note(socketAction(descriptor, mask))
    }

    /// Lets libcurl run what is due.
    func runTimer() {
        transport.acts(self)
        note(socketAction(CURL_SOCKET_TIMEOUT, 0))
    }

    /// The next transfer that is over, taken out of the handle, with libcurl's code.
    func nextCompletion() -> (Transfer, CURLcode)? {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let easy = unsafe message.pointee.easy_handle else {
                continue
            }
            let code = unsafe message.pointee.data.result
            var context: UnsafeMutableRawPointer?
            unsafe shim_easy_get_pointer(easy, Int32(CURLINFO_PRIVATE.rawValue), &context)
            guard let context = unsafe context else { continue }
            let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            remove(transfer)
            return (transfer, code)
        }
        return nil
    }

    // MARK: What a test replaces, to see what becomes of a dead handle. Each returns a CURLMcode.

    func socketAction(_ descriptor: Int32, _ mask: Int32) -> Int32 {
        var running: Int32 = 0
        return unsafe curl_multi_socket_action(multi, descriptor, mask, &running).rawValue
    }

    func takeOut(_ transfer: Transfer) -> Int32 { unsafe curl_multi_remove_handle(multi, transfer.easy).rawValue }

    private func note(_ code: Int32) {
        if code > CURLM_OK.rawValue, fault == nil {
            fault = TransferFailure(.local, unsafe "libcurl: \(String(cString: curl_multi_strerror(CURLMcode(code))))")
            transport.acts(self)
        }
    }
}
