import RabbitMQ

/// One publishing connection: what is under way on it, and which of its messages the broker took.
final class PublisherLink {
    let up: Wire
    let down: Wire
    var ledger = ConfirmLedger()
    /// What was published with which tag, from 1 on.
    private(set) var sent: [(token: UInt64, message: Message, queue: String)] = []
    /// By tag - 1: whether the message is in its queue, and whether the worker knows what became of it.
    var isEnqueued: [Bool] = []
    var isAnswered: [Bool] = []
    /// The broker's end: tags to be confirmed with the next batch; up to which all are answered, and which beyond.
    var settled: [UInt64] = []
    private var sentUpTo: UInt64 = 0
    private var sentBeyond: Set<UInt64> = []
    /// An alarm on the broker.
    var isBlocked = false
    var isBroken = false

    init(up: Wire, down: Wire) {
        self.up = up
        self.down = down
    }

    /// - Returns: the delivery tag.
    func publish(_ token: UInt64, _ message: Message, to queue: String) -> UInt64 {
        let tag = ledger.nextTag
        ledger.published(token: token)
        sent.append((token, message, queue))
        isEnqueued.append(false)
        isAnswered.append(false)
        return tag
    }

    /// The broker sends an answer to it.
    func noteSent(_ tag: UInt64) {
        sentBeyond.insert(tag)
        while sentBeyond.remove(sentUpTo + 1) != nil { sentUpTo += 1 }
    }

    /// What is to be confirmed: all up to a tag, where there are several, and others.
    func takeSettled() -> (all: UInt64?, single: [UInt64]) {
        let tags = settled.sorted()
        settled = []
        for tag in tags { noteSent(tag) }
        let together = tags.filter { $0 <= sentUpTo }
        if together.count < 2 { return (nil, tags) }
        return (sentUpTo, tags.filter { $0 > sentUpTo })
    }

    func cut(up upCut: Int64, down downCut: Int64) {
        up.cut(at: upCut)
        down.cut(at: downCut)
    }

    func stall(until time: Int64) {
        up.stall(until: time)
        down.stall(until: time)
    }

    /// Messages that are in their queue without the worker knowing: it will publish them again.
    var doubtful: [Message] {
        sent.indices.filter { isEnqueued[$0] && !isAnswered[$0] }.map { sent[$0].message }
    }
}
