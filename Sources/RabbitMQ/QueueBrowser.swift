internal import CRabbitMQ
internal import CShims
internal import EventLoop
internal import Glibc

/// Walks a quorum queue from its head without taking anything out of it: every message is held unacknowledged, and
/// given back in its place at the end. What the caller acknowledges is gone.
///
/// One consumer holds a window of messages at most; when it is full, a further connection goes on behind it. So a walk
/// over any number of messages costs no memory here. Confined to one thread at a time; any error thrown means that all
/// connections are to be dropped, and the broker takes back what was held.
package final class QueueBrowser {
    /// Where a message is held.
    package struct Place: Sendable, Hashable {
        package let page: Int
        let tag: UInt64
    }

    /// Messages held by one connection; a consumer's prefetch has 16 bits.
    package static let window = 50_000

    private let url: BrokerURL
    private let tls: BrokerTLS
    private let name: String
    private let queue: String
    private let windowOfPage: @Sendable (Int) -> Int
    private var window = 0
    private struct Page {
        let consumer: Consumer
        /// The oldest message that stays; before it all are acknowledged together.
        var firstHeld = UInt64.max
        /// The oldest that is neither acknowledged nor held.
        var next: UInt64 = 1
        /// To be acknowledged when all before them are.
        var done: Set<UInt64> = []

        /// Few acknowledgements are quick, and sure: one that the broker could not yet pass to the queue is lost when
        /// the channel ends.
        mutating func acknowledge(all: Bool) {
            let start = next
            while done.remove(next) != nil { next += 1 }
            if next > start { consumer.acknowledge(next - 1, multiple: true) }
            for tag in done where all || tag > firstHeld {
                consumer.acknowledge(tag, multiple: false)
                done.remove(tag)
            }
        }
    }

    private var pages: [Page] = []
    /// Not acknowledged on the last page.
    private var held = 0
    private var hasAcknowledged = false

    /// - Parameter windowOfPage: how many messages the connection of this number (from 0) may hold.
    package init(
        _ url: BrokerURL,
        tls: BrokerTLS,
        name: String,
        queue: String,
        windowOfPage: @escaping @Sendable (Int) -> Int = { _ in QueueBrowser.window }
    ) throws(AMQPError) {
        self.url = url
        self.tls = tls
        self.name = name
        self.queue = queue
        self.windowOfPage = windowOfPage
        try turnPage()
    }

    /// Of the connection that receives; changes with `turnPage`.
    package var descriptor: Int32 { pages[pages.count - 1].consumer.descriptor }

    /// Nothing more will come on this page as long as nothing of it is acknowledged.
    package var isFull: Bool { held >= window }

    /// Goes on behind all that is held.
    package func turnPage() throws(AMQPError) {
        let connection = try Connection(to: url, tls: tls, name: "\(name) \(pages.count + 1)")
        let tag = "\(name) \(pages.count + 1)"
        window = min(max(windowOfPage(pages.count), 1), Self.window)
        pages.append(Page(consumer: try Consumer(on: connection, queue: queue, prefetch: window, tag: tag)))
        held = 0
    }

    /// Reads what has arrived, `limit` messages at most.
    /// - Returns: true when more may be there already: come back without waiting for the socket.
    package func receive(
        limit: Int,
        _ take: (Place, borrowing IncomingMessage) -> Void
    ) throws(AMQPError) -> Bool {
        let page = pages.count - 1
        return try pages[page].consumer.receive(limit: limit) { _ in
        } _: { message in
            held += 1
            take(Place(page: page, tag: message.deliveryTag), message)
        }
    }

    /// Takes a message out of the queue, with the next `flush` or, when older ones are neither acknowledged nor held,
    /// a later one.
    package func acknowledge(_ place: Place) {
        pages[place.page].done.insert(place.tag)
        hasAcknowledged = true
        if place.page == pages.count - 1 { held -= 1 }
    }

    /// Says that a message will stay, if any other is acknowledged.
    package func hold(_ place: Place) {
        pages[place.page].firstHeld = min(pages[place.page].firstHeld, place.tag)
    }

    package func flush() throws(AMQPError) {
        for index in pages.indices where !pages[index].done.isEmpty {
            pages[index].acknowledge(all: false)
            try pages[index].consumer.flush()
        }
    }

    /// To be called every ten seconds or so while nothing is received.
    package func keepAlive() throws(AMQPError) {
        for (index, page) in pages.enumerated() {
            // Only the last page has something to read but heartbeats; what is there may wait.
            if index < pages.count - 1 { _ = try page.consumer.receive(limit: 1, onNotice: { _ in }, { _ in }) }
            try page.consumer.sendHeartbeat()
        }
    }

    /// Closes the connections, first page first, so that the messages stand at the head of the queue again in the order
    /// in which they came. Blocks some seconds at worst.
    ///
    /// They are not given back with `basic.nack`: RabbitMQ 3.10 returns more than 32 of those in no order.
    /// - Throws: when the broker's answer to the last acknowledgements did not come: they may have been in vain, and the
    ///   messages may come again.
    package func release() throws(AMQPError) {
        defer { pages = [] }
        var failure: AMQPError?
        func attempt(_ step: (Consumer) throws(AMQPError) -> Void) {
            for page in pages {
                do throws(AMQPError) { try step(page.consumer) } catch { failure = failure ?? error }
            }
        }
        for index in pages.indices { pages[index].acknowledge(all: true) }
        attempt { consumer throws(AMQPError) in try consumer.flush() }
        if hasAcknowledged || pages.count > 1 {
            // The channel passes acknowledgements on to the queue piece by piece, and forgets the rest when it ends. They also
            // bring new messages: those still on their way when the consumer is cancelled would go back before the others.
            if hasAcknowledged { attempt { consumer throws(AMQPError) in try Self.awaitQuiet(consumer) } }
            // First, or what one page gives back would go to the next.
            attempt { consumer throws(AMQPError) in try consumer.cancel(isAnswered: true) }
            attempt { consumer throws(AMQPError) in try Self.awaitCancel(consumer) }
        } else {
            // Nothing has to be proved, and no other page takes what comes back: the end of the connection alone returns all
            // of it in its order, also what is still on its way.
            attempt { consumer throws(AMQPError) in try Self.drop(consumer) }
        }
        for page in pages { page.consumer.close() }
        if let failure { throw failure }
    }

    /// Reads what has arrived, for 5 s at most: unread it would be kept in memory while the connection waits for its
    /// goodbye.
    private static func drop(_ consumer: Consumer) throws(AMQPError) {
        let start = Clock.monotonic()
        var isMore = true
        while isMore, Clock.monotonic() - start < 5_000_000_000 {
            isMore = try consumer.receive(limit: 1000, onNotice: { _ in }, { _ in })
        }
    }

    /// Reads until nothing has come for 0.3 s, or for 5 s.
    private static func awaitQuiet(_ consumer: Consumer) throws(AMQPError) {
        let start = Clock.monotonic()
        var lastArrival = start
        while Clock.monotonic() - lastArrival < 300_000_000, Clock.monotonic() - start < 5_000_000_000 {
            var count = 0
            _ = try consumer.receive(limit: 1000, onNotice: { _ in }, { _ in count += 1 })
            if count > 0 {
                lastArrival = Clock.monotonic()
                continue
            }
            var entry = pollfd(fd: consumer.descriptor, events: Int16(POLLIN), revents: 0)
            unsafe poll(&entry, 1, 50)
        }
    }

    /// Reads to the answer, and drops what had arrived unread: it would be kept in memory while the connection waits for
    /// its goodbye.
    private static func awaitCancel(_ consumer: Consumer) throws(AMQPError) {
        var lastArrival = Clock.monotonic()
        while !consumer.isCancelled {
            var count = 0
            _ = try consumer.receive(limit: 1000, onNotice: { _ in }, { _ in count += 1 })
            if count > 0 { lastArrival = Clock.monotonic() }
            if consumer.isCancelled || count > 0 { continue }
            if Clock.monotonic() - lastArrival > 10_000_000_000 {
                throw AMQPError(.connectionLost, "ending the look: the broker did not answer for 10 s")
            }
            var entry = pollfd(fd: consumer.descriptor, events: Int16(POLLIN), revents: 0)
            unsafe poll(&entry, 1, 100)
        }
    }

    /// After an error: the broker notices the closed sockets by itself.
    package func drop() { pages = [] }
}
