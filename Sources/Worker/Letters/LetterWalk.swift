import Conversion
import EventLoop
import Glibc
package import Letters
package import RabbitMQ

/// Goes once over the dead letters that lie ready when it starts, oldest first: the frozen set. Letters are held until
/// `release`; what died meanwhile stands behind them and is not among them. Confined to one thread.
package final class LetterWalk {
    /// A letter, and where it is held.
    package struct Found {
        package let place: QueueBrowser.Place
        package let letter: Letter
        /// The encoded basic properties, for publishing it again.
        package let properties: [UInt8]
        let walk: Int
        /// It may have come to us before the connection broke.
        package let mayBeKnown: Bool
    }

    /// How many lay ready at the start.
    package let frozen: Int
    /// How many other connections hold letters, which are not among them.
    package let otherReaders: Int
    /// Milliseconds since the Unix epoch.
    package let startedAt: Int64
    private let options: LaneOptions
    private let name: String
    private let windows: PageWindow
    private var url: BrokerURL
    private var browser: QueueBrowser?
    private var event = ConversionEvent()
    /// Of this walk; letters come from the head again when a connection was lost.
    private var received = 0
    private var acknowledged = 0
    private var acknowledgedOfWalk = 0
    /// What of the frozen set was left when this walk began.
    private var bound = 0
    private var walk = 0
    private var hasBufferedInput = true
    /// Monotonic nanoseconds.
    private var lastArrival = Clock.monotonic()
    private var lastKeepAlive = Clock.monotonic()
    /// Nanoseconds without a letter after which the queue is asked whether there are any. What is on its way to us counts as
    /// gone there too: where nobody else could hold the rest, it is waited for longer, or a busy broker's letters are missed.
    /// Not much longer, for a broker may end the channel of who holds letters and acknowledges nothing.
    private var patience: Int64 { otherReaders > 0 ? 3_000_000_000 : 5_000_000_000 }
    /// Letters that another reader gave back may take a moment to come.
    private static let longPatience: Int64 = 10_000_000_000

    /// - Parameters:
    ///   - perSecond: how many letters will be taken out a second; nil for as fast as can be.
    ///   - takesAll: hardly any letter will stay.
    /// - Throws: when no broker answers, or there is no queue of dead letters (`closed(code: 404)`).
    package init(
        _ options: LaneOptions,
        name: String,
        perSecond: Double? = nil,
        takesAll: Bool = false
    ) throws(AMQPError) {
        self.options = options
        self.name = name
        windows = PageWindow(perSecond: perSecond, takesAll: takesAll)
        startedAt = Clock.wall()
        var found: (url: BrokerURL, ready: Int, readers: Int)?
        var failure = AMQPError(.connectionLost, "no broker URL")
        for url in options.urls where found == nil {
            do throws(AMQPError) {
                let admin = try BrokerAdmin(url, tls: options.tls, name: name)
                defer { admin.close() }
                guard let depth = try admin.depth(of: options.topology.deadLetters) else {
                    throw AMQPError(.closed(code: 404), "there is no queue \(options.topology.deadLetters)")
                }
                found = (url, depth.ready, depth.consumers)
            } catch {
                failure = error
                if case .closed = error.kind { break }
            }
        }
        guard let found else { throw failure }
        url = found.url
        frozen = found.ready
        otherReaders = found.readers
        if frozen > 0 { try open() }
    }

    /// Of the connection that letters come on; nil when there is nothing to wait for.
    package var descriptor: Int32? { browser?.descriptor }
    /// How many of the frozen set were looked at.
    package var position: Int { acknowledged + received - acknowledgedOfWalk }

    private var isExhausted: Bool { received >= bound }

    private func open() throws(AMQPError) {
        let windows = self.windows
        browser = try QueueBrowser(url, tls: options.tls, name: name, queue: options.topology.deadLetters) { page in
            windows.letters(onPage: page)
        }
        walk += 1
        received = 0
        // What the lost connection acknowledged may have been in vain.
        acknowledged -= acknowledgedOfWalk
        acknowledgedOfWalk = 0
        bound = frozen - acknowledged
        hasBufferedInput = true
        lastArrival = Clock.monotonic()
    }

    /// How many the last `take` took.
    package private(set) var lastCount = 0

    /// Takes what has come, `limit` letters at most; does not wait.
    /// - Parameter mayTurn: no letter of the last page will be acknowledged any more; false while some are under way.
    /// - Returns: false when the end of the frozen set is reached.
    package func take(limit: Int, mayTurn: Bool = true, _ found: (Found) -> Void) throws(AMQPError) -> Bool {
        lastCount = 0
        guard let browser else { return false }
        if isExhausted { return false }
        try keepAlive()
        if browser.isFull, mayTurn {
            try browser.turnPage()
            lastArrival = Clock.monotonic()
        }
        var count = 0
        let walk = self.walk
        hasBufferedInput = try browser.receive(limit: min(limit, bound - received)) { place, message in
            count += 1
            let letter = Letter(message, decodingWith: &event)
            found(
                Found(
                    place: place,
                    letter: letter,
                    properties: Array(message.encodedProperties),
                    walk: walk,
                    mayBeKnown: walk > 1 && message.redelivered
                )
            )
        }
        received += count
        lastCount = count
        let now = Clock.monotonic()
        if count > 0 {
            lastArrival = now
        } else if now - lastArrival > patience, try isDrained() || now - lastArrival > Self.longPatience {
            return false
        }
        return !isExhausted
    }

    /// The queue has nothing ready: another reader holds the rest of what there was.
    private func isDrained() throws(AMQPError) -> Bool { try ready() == 0 }

    private func ready() throws(AMQPError) -> Int {
        let admin = try BrokerAdmin(url, tls: options.tls, name: name)
        defer { admin.close() }
        return try admin.depth(of: options.topology.deadLetters)?.ready ?? 0
    }

    /// Waits until one of the descriptors is readable or, when `forLetters`, a letter may have come.
    package func wait(milliseconds: Int32, forLetters: Bool = true, alsoFor others: [Int32] = []) {
        var entries = others.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var patience = milliseconds
        if forLetters, let browser, !isExhausted {
            entries.append(pollfd(fd: browser.descriptor, events: Int16(POLLIN), revents: 0))
            if hasBufferedInput { patience = 0 }
        }
        poll(&entries, nfds_t(entries.count), patience)
    }

    /// So that the broker does not take us for dead while nothing is read.
    package func keepAlive() throws(AMQPError) {
        let now = Clock.monotonic()
        if now - lastKeepAlive < 5_000_000_000 { return }
        lastKeepAlive = now
        try browser?.keepAlive()
    }

    /// Takes a letter out of the queue; false when it was held by a connection that is gone. Buffered until `flush`.
    package func acknowledge(_ found: Found) -> Bool {
        guard found.walk == walk, let browser else { return false }
        browser.acknowledge(found.place)
        acknowledged += 1
        acknowledgedOfWalk += 1
        return true
    }

    /// Says that a letter will not be acknowledged.
    package func hold(_ found: Found) {
        if found.walk == walk { browser?.hold(found.place) }
    }

    package func flush() throws(AMQPError) { try browser?.flush() }

    /// After an error: from the head of the queue again, over what is left of the frozen set.
    package func reconnect() throws(AMQPError) {
        browser?.drop()
        browser = nil
        var failure: AMQPError?
        for next in options.urls {
            url = next
            do throws(AMQPError) {
                return try open()
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    /// Gives back what is held, in its order, and waits until the queue has it.
    /// - Throws: when what was acknowledged last may still be there.
    package func release() throws(AMQPError) {
        guard let browser else { return }
        self.browser = nil
        try browser.release()
        // After a lost connection nobody knows how many there are.
        if walk > 1 { return }
        let start = Clock.monotonic()
        while Clock.monotonic() - start < 5_000_000_000, let ready = try? ready(), ready < frozen - acknowledged {
            usleep(20_000)
        }
    }
}
