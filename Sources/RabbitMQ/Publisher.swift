internal import CRabbitMQ
internal import CShims
internal import DequeModule
package import EventLoop
internal import Glibc
internal import Synchronization

/// Publishes with confirmation over a connection and a thread of its own, because a publish can block for as long as
/// the broker likes (PLUMBING 1.5). Requests wait in a queue while there is no connection or the broker is blocked;
/// their number is bounded by the messages the caller holds unacknowledged for them.
package final class Publisher: Sendable {
    package enum State: Sendable, Equatable {
        case connecting
        case connected
        case disconnected(reason: String)
        /// An alarm on the broker; nothing is published until it ends.
        case blocked(reason: String)
    }

    package struct Options: Sendable {
        package var urls: [BrokerURL]
        package var tls: BrokerTLS
        package var name: String
        /// Messages under way without an answer.
        package var window: Int

        package init(urls: [BrokerURL], tls: BrokerTLS, name: String, window: Int = 1000) {
            self.urls = urls
            self.tls = tls
            self.name = name
            self.window = window
        }
    }

    private struct Inbox {
        var requests: [PublishRequest] = []
        var isStopping = false
        /// Of the open connection, so that `stop` can break off a write that blocks.
        var descriptor: Int32 = -1
    }

    private let options: Options
    private let inbox = Mutex(Inbox())
    private let wakeUp: WakeUp
    private let onResults: @Sendable ([PublishResult]) -> Void
    private let onState: @Sendable (State) -> Void
    private let thread = Mutex<LoopThread?>(nil)

    /// - Parameters:
    ///   - onResults: called on the publisher's thread with outcomes, each token exactly once per request.
    ///   - onState: called on the publisher's thread when the connection changes.
    package init(
        _ options: Options,
        onResults: @escaping @Sendable ([PublishResult]) -> Void,
        onState: @escaping @Sendable (State) -> Void
    ) throws(SystemError) {
        self.options = options
        self.onResults = onResults
        self.onState = onState
        wakeUp = try WakeUp()
        let thread = try LoopThread(name: "publisher") { [self] in run() }
        self.thread.withLock { $0 = thread }
    }

    /// Any thread. The outcome comes through `onResults`.
    package func publish(_ requests: [PublishRequest]) {
        if requests.isEmpty { return }
        inbox.withLock { $0.requests.append(contentsOf: requests) }
        wakeUp.signal()
    }

    /// Ends the thread, even in the middle of a write that blocks. Requests without an outcome end as `unknown`.
    package func stop() {
        inbox.withLock { inbox in
            inbox.isStopping = true
            if inbox.descriptor >= 0 { shutdown(inbox.descriptor, Int32(SHUT_RDWR)) }
        }
        wakeUp.signal()
        thread.withLock {
            $0?.join(); $0 = nil
        }
    }

    // MARK: The thread

    private func run() {
        var backOff = ReconnectBackOff()
        var waiting = Deque<PublishRequest>()
        var urlIndex = 0
        while true {
            do throws(AMQPError) {
                onState(.connecting)
                let url = options.urls[urlIndex % options.urls.count]
                let session = try PublisherSession(to: url, tls: options.tls, name: options.name)
                guard adopt(session.descriptor) else { break }
                backOff.succeeded()
                onState(.connected)
                try serve(session, &waiting)
                inbox.withLock { $0.descriptor = -1 }
                session.close()
                break
            } catch {
                inbox.withLock { $0.descriptor = -1 }
                urlIndex += 1
                onState(.disconnected(reason: error.description))
                if !sleep(milliseconds: backOff.next()) { break }
            }
        }
        waiting.append(contentsOf: inbox.withLock { $0.requests })
        onResults(waiting.map { PublishResult(token: $0.token, outcome: .unknown("the publisher was stopped")) })
    }

    /// - Returns: false when the publisher is to stop.
    private func adopt(_ descriptor: Int32) -> Bool {
        inbox.withLock { inbox in
            if !inbox.isStopping { inbox.descriptor = descriptor }
            return !inbox.isStopping
        }
    }

    /// - Returns: false when the publisher is to stop.
    private func sleep(milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0)
        let end = Clock.monotonic() + Int64(milliseconds) * 1_000_000
        while true {
            if inbox.withLock({ $0.isStopping }) { return false }
            let rest = (end - Clock.monotonic()) / 1_000_000
            if rest <= 0 { return true }
            unsafe poll(&entry, 1, Int32(rest))
            wakeUp.clear()
        }
    }

    /// Publishes until stopped; throws when the connection is gone, with every request settled or back in `waiting`.
    private func serve(_ session: PublisherSession, _ waiting: inout Deque<PublishRequest>) throws(AMQPError) {
        var results: [PublishResult] = []
        do throws(AMQPError) {
            while true {
                let (arrived, isStopping) = inbox.withLock { inbox in
                    defer { inbox.requests = [] }
                    return (inbox.requests, inbox.isStopping)
                }
                // First taken over, then stopped: each request needs an outcome.
                waiting.append(contentsOf: arrived)
                if isStopping { throw AMQPError(.connectionLost, "the publisher was stopped") }
                // Answers are read between two batches.
                while session.mayAdd(window: options.window), let request = waiting.popFirst() {
                    session.add(request, &results)
                }
                try session.send()
                try readAnswers(session, &results)
                if waiting.isEmpty || !session.mayAdd(window: options.window) { sleep(until: session) }
            }
        } catch {
            waiting.prepend(contentsOf: session.connectionLost(error.description, &results))
            onResults(results)
            throw error
        }
    }

    private func readAnswers(_ session: PublisherSession, _ results: inout [PublishResult]) throws(AMQPError) {
        let wasBlocked = session.blockedReason
        try session.read(&results)
        if session.blockedReason != wasBlocked {
            onState(session.blockedReason.map { .blocked(reason: $0) } ?? .connected)
        }
        if !results.isEmpty {
            onResults(results)
            results.removeAll(keepingCapacity: true)
        }
    }

    /// Sleeps until there is an answer, a request, or room to write; a second at most, so that heartbeats go out.
    private func sleep(until session: PublisherSession) {
        let interest = Int16(POLLIN) | (session.wantsToWrite ? Int16(POLLOUT) : 0)
        var entries = [
            pollfd(fd: session.descriptor, events: interest, revents: 0),
            pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        unsafe poll(&entries, 2, session.hasBufferedInput ? 0 : 1000)
        if entries[1].revents != 0 { wakeUp.clear() }
    }
}
