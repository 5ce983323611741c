import Glibc

/// One client's connection: what has arrived, what is still to be sent, and what it waits for.
final class Connection {
    enum State {
        /// The next request can be answered.
        case ready
        /// An answer is held back until the deadline.
        case delayed(Exchange)
        /// Never answered; ends when the client goes.
        case hanging
        /// Everything must be sent before the next request is looked at.
        case sending
        /// All is sent and our side is shut; waits for the client to close, so that no reset overtakes the answer.
        case lingering
        case closed
    }

    /// What came of an attempt to send.
    enum Progress {
        case done
        /// The kernel's buffer is full.
        case blocked
        /// No more may be sent before the next second.
        case paced
        case failed
    }

    let descriptor: Int32
    let number: UInt64
    var state = State.ready
    var reader = RequestReader()
    var requests = 0
    var output: [UInt8] = []
    /// What follows `output`.
    var generated: GeneratedBody?
    /// Bytes that may be sent at full speed and then one a second; nil: no such limit.
    var allowance: Int?
    var closesWhenSent = false
    var peerHasFinished = false
    /// The timer that counts; those with another deadline are out of date.
    var deadline: UInt64?
    var interest = Poller.Interest.read
    private var sent = 0

    init(descriptor: Int32, number: UInt64) {
        self.descriptor = descriptor
        self.number = number
    }

    /// Tells events of this connection from those of an earlier one with the same descriptor.
    var token: UInt64 { UInt64(UInt32(bitPattern: descriptor)) | (number << 32) }

    var unsent: Int { output.count - sent }

    /// Sends what the client takes now.
    func send() -> Progress {
        while true {
            if unsent == 0 {
                output.removeAll(keepingCapacity: output.capacity <= 16 * 1024)
                sent = 0
                guard var body = generated else { return .done }
                let hasMore = body.write(to: &output)
                generated = hasMore ? body : nil
                guard hasMore else { return .done }
            }
            let count = min(unsent, allowance ?? unsent)
            guard count > 0 else { return .paced }
            let result = output.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, count, Int32(MSG_NOSIGNAL))
            }
            if result < 0 {
                let code = SystemCode(errno)
                if code.value == EINTR { continue }
                return code.wouldBlock ? .blocked : .failed
            }
            sent += result
            allowance = allowance.map { $0 - result }
        }
    }

    /// Ends the connection with a reset in place of a FIN.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func close() {
        state = .closed
        Glibc.close(descriptor)
    }
}

/// A request that has been read and recorded, and how it is to be answered.
struct Exchange {
    let behaviour: Behaviour
    let form: Answer.Form
}
