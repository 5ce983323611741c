internal import DequeModule

/// What was published on one channel and is not confirmed yet. Pure: delivery tags in, tokens out.
///
/// Tags count from 1 on a channel in confirm mode. The broker answers in any order, one by one or `multiple`, and for a
/// message that no queue took it sends the message back *before* it acknowledges it.
package struct ConfirmLedger: Sendable {
    private enum Entry: Sendable {
        case waiting(UInt64)
        case returned(UInt64, String)
        case over
    }

    private var entries: Deque<Entry> = []
    private var first: UInt64 = 1
    /// Messages whose answer has not come.
    package private(set) var count = 0

    package init() {}

    /// The tag the next message will have.
    package var nextTag: UInt64 { first + UInt64(entries.count) }

    package mutating func published(token: UInt64) {
        entries.append(.waiting(token))
        count += 1
    }

    /// The message with this tag came back; its acknowledgement is still to come.
    package mutating func returned(tag: UInt64, reason: String) {
        guard let index = index(of: tag), case .waiting(let token) = entries[index] else { return }
        entries[index] = .returned(token, reason)
    }

    /// - Returns: the results that this `basic.ack` or `basic.nack` settles, oldest first.
    package mutating func answered(tag: UInt64, multiple: Bool, positively: Bool, into results: inout [PublishResult]) {
        if multiple {
            // Tag 0 means: all so far (AMQP 0-9-1, basic.ack).
            let last = tag == 0 ? nextTag - 1 : min(tag, nextTag - 1)
            while first <= last { settleFirst(positively, &results) }
        } else if let index = index(of: tag) {
            settle(index, positively, &results)
        }
        while case .over? = entries.first {
            entries.removeFirst()
            first += 1
        }
    }

    private mutating func settleFirst(_ positively: Bool, _ results: inout [PublishResult]) {
        settle(entries.startIndex, positively, &results)
        entries.removeFirst()
        first += 1
    }

    private mutating func settle(_ index: Int, _ positively: Bool, _ results: inout [PublishResult]) {
        switch entries[index] {
        case .waiting(let token):
            results.append(PublishResult(token: token, outcome: positively ? .confirmed : .refused))
        case .returned(let token, let reason):
            results.append(PublishResult(token: token, outcome: .returned(reason)))
        case .over:
            return
        }
        entries[index] = .over
        count -= 1
    }

    /// The channel is gone: what was not answered is unknown.
    package mutating func lost(reason: String, into results: inout [PublishResult]) {
        for entry in entries {
            switch entry {
            case .waiting(let token): results.append(PublishResult(token: token, outcome: .unknown(reason)))
            case .returned(let token, let why): results.append(PublishResult(token: token, outcome: .returned(why)))
            case .over: break
            }
        }
        self = ConfirmLedger()
    }

    private func index(of tag: UInt64) -> Int? {
        guard tag >= first, tag < nextTag else { return nil }
        return Int(tag - first)
    }
}
