internal import CRabbitMQ
internal import CShims
internal import DequeModule
package import EventLoop
internal import Glibc
internal import Synchronization

/// Writes records to a stream over a connection and a thread of its own, so that whoever hands them over never waits.
/// What does not fit the bound is dropped: the newest, and counted. While the broker is away, blocked by an alarm, or
/// has no such stream, records wait within the bound. What a broken connection left without a confirm is sent again,
/// so a record may come twice; one that three connections broke over is dropped.
package final class StreamWriter: Sendable {
    package enum State: Sendable, Equatable {
        case connected
        case disconnected(reason: String)
        /// An alarm on the broker; nothing is written until it ends.
        case blocked(reason: String)
    }

    package struct Options: Sendable {
        package var urls: [BrokerURL]
        package var tls: BrokerTLS
        package var name: String
        package var stream: String
        /// Records under way without a confirm.
        package var window = 2000
        /// What may be held in all, waiting or under way.
        package var byteLimit = 8 << 20
        package var recordLimit = 20_000

        package init(urls: [BrokerURL], tls: BrokerTLS, name: String, stream: String) {
            self.urls = urls
            self.tls = tls
            self.name = name
            self.stream = stream
        }
    }

    /// Connections that may break over a batch.
    private static let lossLimit = 3

    private struct Inbox {
        var batches: [StreamBatch] = []
        var heldBytes = 0
        var heldRecords = 0
        /// The thread sleeps, and wants to be woken for a batch.
        var isWaiting = false
        /// Monotonic nanoseconds; nil while running.
        var deadline: Int64?
        /// Of the open connection, so that `stop` can break off a write that blocks.
        var descriptor: Int32 = -1
    }

    private let options: Options
    private let inbox = Mutex(Inbox())
    private let wakeUp: WakeUp
    private let isOver: WakeUp
    private let isFullNow = Atomic<Bool>(false)
    private let onWritten: @Sendable (Int) -> Void
    private let onDropped: @Sendable (Int) -> Void
    private let onState: @Sendable (State) -> Void
    private let thread = Mutex<LoopThread?>(nil)

    /// - Parameters:
    ///   - onWritten: called on the writer's thread with the number of records that the broker has confirmed.
    ///   - onDropped: called on any thread with the number of records that were given up.
    ///   - onState: called on the writer's thread when the connection changes.
    package init(
        _ options: Options,
        onWritten: @escaping @Sendable (Int) -> Void,
        onDropped: @escaping @Sendable (Int) -> Void,
        onState: @escaping @Sendable (State) -> Void
    ) throws(SystemError) {
        self.options = options
        self.onWritten = onWritten
        self.onDropped = onDropped
        self.onState = onState
        wakeUp = try WakeUp()
        isOver = try WakeUp()
        let thread = try LoopThread(name: "delivery-log") { [self] in run() }
        self.thread.withLock { $0 = thread }
    }

    /// Any thread: whether a batch would be dropped, so that nobody needs to make one.
    package var isFull: Bool { isFullNow.load(ordering: .relaxed) }

    /// Any thread; never waits. A batch that does not fit is dropped and counted.
    package func offer(_ batch: StreamBatch) {
        let (isTaken, wakes) = inbox.withLock { inbox in
            guard inbox.heldBytes + batch.bytes.count <= options.byteLimit,
                inbox.heldRecords + batch.count <= options.recordLimit
            else {
                isFullNow.store(true, ordering: .relaxed)
                return (false, false)
            }
            inbox.heldBytes += batch.bytes.count
            inbox.heldRecords += batch.count
            inbox.batches.append(batch)
            defer { inbox.isWaiting = false }
            return (true, inbox.isWaiting)
        }
        if !isTaken { onDropped(batch.count) }
        if wakes { wakeUp.signal() }
    }

    /// Writes what is there, for so many milliseconds at most, then ends the thread; the rest is dropped. Blocks.
    package func stop(within milliseconds: Int) {
        let end = Clock.monotonic() + Int64(milliseconds) * 1_000_000
        inbox.withLock { $0.deadline = end }
        wakeUp.signal()
        if !awaitEnd(milliseconds + 100) {
            inbox.withLock { inbox in
                if inbox.descriptor >= 0 { shutdown(inbox.descriptor, Int32(SHUT_RDWR)) }
            }
            // Still connecting, it ends by itself within seconds; the process need not wait for that.
            if !awaitEnd(500) {
                thread.withLock { $0 = nil }
                return
            }
        }
        thread.withLock {
            $0?.join(); $0 = nil
        }
    }

    private func awaitEnd(_ milliseconds: Int) -> Bool {
        var entry = pollfd(fd: isOver.descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&entry, 1, Int32(clamping: milliseconds)) == 1
    }

    // MARK: The thread

    private func run() {
        var backOff = ReconnectBackOff()
        var waiting = Deque<StreamBatch>()
        var urlIndex = 0
        while !isPastDeadline {
            do throws(AMQPError) {
                let url = options.urls[urlIndex % options.urls.count]
                let session = try StreamWriterSession(
                    to: url,
                    tls: options.tls,
                    name: options.name,
                    stream: options.stream
                )
                inbox.withLock { $0.descriptor = session.descriptor }
                defer {
                    inbox.withLock { $0.descriptor = -1 }
                    withExtendedLifetime(session) {}
                }
                onState(.connected)
                try serve(session, &waiting, &backOff)
                session.close()
                break
            } catch {
                urlIndex += 1
                onState(.disconnected(reason: error.description))
                sleep(milliseconds: backOff.next())
            }
        }
        let left = inbox.withLock { $0.batches } + waiting
        give(up: left)
        isOver.signal()
    }

    private var isPastDeadline: Bool {
        inbox.withLock { $0.deadline.map { $0 <= Clock.monotonic() } ?? false }
    }

    /// Returns when stopped and all is written, or when its time is over; throws when the connection is gone, with what
    /// is not confirmed back in `waiting`.
    private func serve(
        _ session: StreamWriterSession,
        _ waiting: inout Deque<StreamBatch>,
        _ backOff: inout ReconnectBackOff
    ) throws(AMQPError) {
        var wasBlocked: String?
        do throws(AMQPError) {
            while true {
                let (arrived, deadline) = inbox.withLock { inbox in
                    defer { inbox.batches = [] }
                    return (inbox.batches, inbox.deadline)
                }
                waiting.append(contentsOf: arrived)
                while session.blockedReason == nil, session.unconfirmed < options.window, let batch = waiting.first {
                    waiting.removeFirst()
                    try session.send(batch)
                }
                var answers = StreamWriterSession.Answers()
                try session.read(&answers)
                note(answers)
                if answers.settled.answered > answers.refused { backOff.succeeded() }
                if answers.isRefusing {
                    throw AMQPError(.refused, "the broker takes no records: is the stream \(options.stream) there?")
                }
                if session.blockedReason != wasBlocked {
                    wasBlocked = session.blockedReason
                    onState(wasBlocked.map { .blocked(reason: $0) } ?? .connected)
                }
                if let deadline {
                    if waiting.isEmpty, session.unconfirmed == 0 { return }
                    if deadline <= Clock.monotonic() { throw AMQPError(.timeout, "the time to finish is over") }
                }
                sleep(until: session, hasWork: !waiting.isEmpty, deadline)
            }
        } catch {
            var (left, over) = session.lost()
            release(records: over.records, bytes: over.bytes)
            let hopeless = left.filter { $0.losses >= Self.lossLimit }
            left.removeAll { $0.losses >= Self.lossLimit }
            give(up: hopeless)
            waiting = Deque(left + waiting)
            throw error
        }
    }

    private func note(_ answers: StreamWriterSession.Answers) {
        release(records: answers.settled.records, bytes: answers.settled.bytes)
        let written = answers.settled.answered - answers.refused
        if written > 0 { onWritten(written) }
        if answers.refused > 0 { onDropped(answers.refused) }
    }

    private func give(up batches: [StreamBatch]) {
        let count = batches.reduce(0) { $0 + $1.count }
        release(records: count, bytes: batches.reduce(0) { $0 + $1.bytes.count })
        if count > 0 { onDropped(count) }
    }

    private func release(records: Int, bytes: Int) {
        if records == 0, bytes == 0 { return }
        inbox.withLock { inbox in
            inbox.heldRecords -= records
            inbox.heldBytes -= bytes
            // Room for some batches, so that it does not flicker.
            if inbox.heldBytes < options.byteLimit / 8 * 7, inbox.heldRecords < options.recordLimit / 8 * 7 {
                isFullNow.store(false, ordering: .relaxed)
            }
        }
    }

    /// Sleeps until there is an answer or a batch; a second at most, so that heartbeats go out.
    private func sleep(until session: StreamWriterSession, hasWork: Bool, _ deadline: Int64?) {
        let mayGoOn = hasWork && session.blockedReason == nil && session.unconfirmed < options.window
        if mayGoOn || session.hasBufferedInput { return }
        let isIdle = inbox.withLock { inbox in
            // A full window or an alarm needs an answer first: batches wake nobody then.
            inbox.isWaiting = inbox.batches.isEmpty && !hasWork
            return inbox.batches.isEmpty || hasWork
        }
        if !isIdle { return }
        var wait: Int64 = 1000
        if let deadline { wait = min(wait, max(0, (deadline - Clock.monotonic()) / 1_000_000 + 1)) }
        var entries = [
            pollfd(fd: session.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        unsafe poll(&entries, 2, Int32(wait))
        if entries[1].revents != 0 { wakeUp.clear() }
    }

    /// Sleeps so long, or until it is stopped; then half a second at most.
    private func sleep(milliseconds: Int32) {
        let end = Clock.monotonic() + Int64(milliseconds) * 1_000_000
        var entry = pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0)
        while true {
            let now = Clock.monotonic()
            let deadline = inbox.withLock { $0.deadline }
            let rest = min(end, deadline.map { min($0, now + 200_000_000) } ?? end) - now
            if rest <= 0 { return }
            unsafe poll(&entry, 1, Int32(clamping: rest / 1_000_000 + 1))
            if entry.revents != 0 {
                wakeUp.clear()
                if deadline == nil, inbox.withLock({ $0.deadline }) != nil { return }
            }
        }
    }
}
