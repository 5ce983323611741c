import Glibc

/// The loop: accepts, reads, answers, and wakes what was held back. One thread, non-blocking sockets.
final class Server {
    static let second: UInt64 = 1_000_000_000
    /// How long a closed connection may wait for the client's side.
    private static let lingerTime = 2 * second
    /// Unsent bytes beyond which no further pipelined request is answered, and unread ones beyond which none are read.
    static let backlogLimit = 2 * 1024 * 1024

    private enum Token {
        // Connections are numbered from 1 and their tokens are therefore larger.
        static let listener: UInt64 = 0
        static let standardInput: UInt64 = 1
    }

    private let listener: Listener
    private var poller: Poller
    private var isAccepting = true
    /// By descriptor.
    private var connections: [Connection?] = []
    private var timers = TimerQueue()
    private var readBuffer = [UInt8](repeating: 0, count: 64 * 1024)
    private var responder: Responder
    private var isRunning = true

    init(listener: Listener, journal: Journal, record: OutputFile?, log: OutputFile?) throws {
        self.listener = listener
        poller = try Poller()
        responder = Responder(journal: journal, record: record, log: log)
        guard poller.add(listener.descriptor, token: Token.listener, interest: .read) else {
            throw TrackerError("cannot watch the listening socket", code: errno)
        }
    }

    /// Ends the loop when stdin does. A stdin that cannot be watched (a file, /dev/null) never ends it.
    func watchStandardInput() {
        _ = poller.add(STDIN_FILENO, token: Token.standardInput, interest: .read)
    }

    func run() throws {
        var events: [Poller.Event] = []
        while isRunning {
            try poller.wait(milliseconds: timeToNextTimer(), into: &events)
            responder.now = WallClock.milliseconds
            for event in events { handle(event) }
            let now = WallClock.monotonic
            while let timer = timers.takeDue(at: now) { fire(timer) }
        }
    }

    private func timeToNextTimer() -> Int32 {
        guard let next = timers.next else { return -1 }
        let now = WallClock.monotonic
        return next <= now ? 0 : Int32(clamping: (next - now + 999_999) / 1_000_000)
    }

    private func handle(_ event: Poller.Event) {
        switch event.token {
        case Token.listener: acceptAll()
        case Token.standardInput: readStandardInput()
        default:
            let descriptor = Int(event.token & 0xffff_ffff)
            guard descriptor < connections.count, let connection = connections[descriptor],
                connection.token == event.token
            else { return }
            if event.isBroken {
                close(connection)
            } else {
                if event.isReadable { read(connection) }
                if event.isWritable { advance(connection) }
            }
        }
    }

    private func readStandardInput() {
        let count = readBuffer.withUnsafeMutableBytes { Glibc.read(STDIN_FILENO, $0.baseAddress, $0.count) }
        if count == 0 { isRunning = false }
    }

    private func acceptAll() {
        while true {
            switch listener.accept() {
            case .success(let descriptor): add(descriptor)
            case .failure(let code) where code.isOutOfDescriptors:
                // The connection stays in the kernel's queue until one of ours is closed.
                isAccepting = false
                poller.change(listener.descriptor, token: Token.listener, interest: [])
                OutputFile.complain("no descriptors left; new connections wait until others are closed")
                return
            case .failure(let code) where code.wouldBlock: return
            case .failure: continue
            }
        }
    }

    private func add(_ descriptor: Int32) {
        responder.statistics.accepted += 1
        let connection = Connection(descriptor: descriptor, number: responder.statistics.accepted)
        while connections.count <= Int(descriptor) { connections.append(nil) }
        guard poller.add(descriptor, token: connection.token, interest: .read) else {
            Glibc.close(descriptor)
            return
        }
        connections[Int(descriptor)] = connection
        responder.statistics.open += 1
    }

    private func read(_ connection: Connection) {
        let count = readBuffer.withUnsafeMutableBytes { recv(connection.descriptor, $0.baseAddress, $0.count, 0) }
        if count > 0 {
            if case .lingering = connection.state { return }
            readBuffer.withUnsafeBytes { connection.reader.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        } else if count == 0 {
            connection.peerHasFinished = true
            switch connection.state {
            case .hanging, .lingering: return close(connection)
            default: break
            }
        } else {
            let code = SystemCode(errno)
            if !code.wouldBlock, code.value != EINTR { close(connection) }
            return
        }
        advance(connection)
    }

    /// Answers what can be answered, sends what can be sent, and sees to what must be waited for.
    private func advance(_ connection: Connection) {
        while true {
            let answered = responder.answerNext(connection, schedule: { schedule(connection, after: $0) })
            if case .closed = connection.state { return forget(connection) }
            switch connection.send() {
            case .failed: return close(connection)
            case .blocked: return watch(connection, [.read, .write])
            case .paced:
                if connection.deadline == nil { schedule(connection, after: Self.second) }
                return watch(connection, .read)
            case .done:
                if connection.closesWhenSent { return lingerOn(connection) }
                if case .sending = connection.state {
                    connection.state = .ready
                    connection.allowance = nil
                } else if !answered {
                    return rest(connection)
                }
            }
        }
    }

    /// Nothing can be done for the connection before something happens.
    private func rest(_ connection: Connection) {
        switch connection.state {
        case .ready, .hanging:
            if connection.peerHasFinished { return close(connection) }
        case .delayed, .sending, .lingering, .closed: break
        }
        watch(connection, .read)
    }

    private func lingerOn(_ connection: Connection) {
        guard !connection.peerHasFinished else { return close(connection) }
        if case .lingering = connection.state { return }
        connection.state = .lingering
        shutdown(connection.descriptor, Int32(SHUT_WR))
        schedule(connection, after: Self.lingerTime)
        watch(connection, .read)
    }

    private func schedule(_ connection: Connection, after nanoseconds: UInt64) {
        let deadline = WallClock.monotonic + nanoseconds
        connection.deadline = deadline
        timers.add(
            TimerQueue.Timer(deadline: deadline, descriptor: connection.descriptor, connection: connection.number)
        )
    }

    private func fire(_ timer: TimerQueue.Timer) {
        guard let connection = connections[Int(timer.descriptor)], connection.number == timer.connection,
            connection.deadline == timer.deadline
        else { return }
        connection.deadline = nil
        switch connection.state {
        case .lingering: return close(connection)
        case .delayed(let exchange):
            connection.state = .ready
            responder.perform(exchange, on: connection)
        case .sending: connection.allowance? += 1
        case .ready, .hanging, .closed: break
        }
        advance(connection)
    }

    private func watch(_ connection: Connection, _ wanted: Poller.Interest) {
        var interest = wanted
        // What has ended would be reported for ever, and what nobody looks at yet must not pile up.
        if connection.peerHasFinished || connection.reader.pending > Self.backlogLimit { interest.remove(.read) }
        guard interest != connection.interest else { return }
        connection.interest = interest
        poller.change(connection.descriptor, token: connection.token, interest: interest)
    }

    private func close(_ connection: Connection) {
        connection.close()
        forget(connection)
    }

    /// Takes a closed connection out of the books; its descriptor may be another's at once.
    private func forget(_ connection: Connection) {
        connections[Int(connection.descriptor)] = nil
        responder.statistics.open -= 1
        guard !isAccepting else { return }
        isAccepting = true
        poller.change(listener.descriptor, token: Token.listener, interest: .read)
    }
}
