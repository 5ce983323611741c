/// Walks a quorum queue from its head without taking anything out of it: every message is held unacknowledged, and
/// given back in its place at the end. What the caller acknowledges is gone.
///
/// One consumer holds `window` messages at most; when it is full, a further connection goes on behind it. So a walk
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
    private let window: Int
    private var pages: [Consumer] = []
    /// Not acknowledged on the last page.
    private var held = 0

    package init(
        _ url: BrokerURL,
        tls: BrokerTLS,
        name: String,
        queue: String,
        window: Int = QueueBrowser.window
    ) throws(AMQPError) {
        self.url = url
        self.tls = tls
        self.name = name
        self.queue = queue
        self.window = min(max(window, 1), Int(UInt16.max))
        try turnPage()
    }

    /// Of the connection that receives; changes with `turnPage`.
    package var descriptor: Int32 { pages[pages.count - 1].descriptor }

    /// Nothing more will come on this page as long as nothing of it is acknowledged.
    package var isFull: Bool { held >= window }

    /// Goes on behind all that is held.
    package func turnPage() throws(AMQPError) {
        let connection = try Connection(to: url, tls: tls, name: "\(name) \(pages.count + 1)")
        pages.append(try Consumer(on: connection, queue: queue, prefetch: window, tag: "\(name) \(pages.count + 1)"))
        held = 0
    }

    /// Reads what has arrived, `limit` messages at most.
    /// - Returns: true when more may be there already: come back without waiting for the socket.
    package func receive(
        limit: Int,
        _ take: (Place, borrowing IncomingMessage) -> Void
    ) throws(AMQPError) -> Bool {
        let page = pages.count - 1
        return try pages[page].receive(limit: limit) { _ in
        } _: { message in
            held += 1
            take(Place(page: page, tag: message.deliveryTag), message)
        }
    }

    /// Takes a message out of the queue. Buffered until `flush`.
    package func acknowledge(_ place: Place) {
        pages[place.page].acknowledge(place.tag, multiple: false)
        if place.page == pages.count - 1 { held -= 1 }
    }

    package func flush() throws(AMQPError) {
        for page in pages where page.hasUnsentAcknowledgements { try page.flush() }
    }

    /// To be called every ten seconds or so while nothing is received.
    package func keepAlive() throws(AMQPError) {
        for (index, page) in pages.enumerated() {
            // Only the last page has something to read but heartbeats; what is there may wait.
            if index < pages.count - 1 { _ = try page.receive(limit: 1, onNotice: { _ in }, { _ in }) }
            try page.sendHeartbeat()
        }
    }

    /// Closes the connections, first page first, so that the messages stand at the head of the queue again in the order
    /// in which they came. Blocks some seconds at worst.
    ///
    /// They are not given back with `basic.nack`: RabbitMQ 3.10 returns more than 32 of those in no order.
    package func release() {
        // First, or what one page gives back would go to the next.
        for page in pages { try? page.cancel() }
        for page in pages {
            // What had arrived unread would be kept in memory while the connection waits for its goodbye.
            for _ in 0..<1000 {
                guard (try? page.receive(limit: 1000, onNotice: { _ in }, { _ in })) == true else { break }
            }
            page.close()
        }
        pages = []
    }

    /// After an error: the broker notices the closed sockets by itself.
    package func drop() { pages = [] }
}
