import Delivery
import EventLoop
import Glibc
package import Letters
package import RabbitMQ
package import Routing
import Telemetry

/// One replay: takes matching letters, publishes each with the broker's confirmation, and only then acknowledges it.
/// Confined to the command's thread; the publisher has its own.
package final class ReplayRun {
    package struct Options: Sendable {
        package var id: String
        package var filter = LetterFilter()
        package var target = ReplayTarget.current
        package var limit: Int?
        package var perSecond: Double?
        package var canary: Canary?
        /// An interrupted replay, whose letters are not replayed twice.
        package var before: ReplayedBefore?
        /// Follow the log to the end of every delivery.
        package var waits = false
        /// Milliseconds that a canary or `waits` waits for the last verdicts.
        package var patience: Int64 = 600_000

        package init(id: String) {
            self.id = id
        }

        var isWatched: Bool { waits || canary != nil }
    }

    package enum Stop: String, Sendable {
        case interrupted, canary
        /// No verdict came in time.
        case timeout
        /// The broker does not take messages, or is gone.
        case broker
    }

    /// Letters published and not confirmed at most: few, since after a `kill -9` they may be there twice.
    package static let window = 256

    package let options: Options
    package internal(set) var tally = ReplayTally()
    package internal(set) var counts = LetterCounts()
    /// Why it ended before its end; nil for a replay that went through.
    package internal(set) var stop: Stop?
    /// In words, for people.
    package internal(set) var trouble: String?
    package var frozen: Int { walk.frozen }
    /// How many of the frozen set were looked at.
    package var position: Int { walk.position }
    /// Whether the log is read for what becomes of the letters.
    package var isWatched: Bool { options.isWatched }

    let lane: LaneOptions
    let walk: LetterWalk
    let routes: RouteTable
    let mask: SecretMask
    var watch: ReplayWatch?
    var publisher: Publisher?
    /// There is nothing more to take.
    var isAtEnd = false
    /// Letters whose answer is outstanding, by token.
    var open: [UInt64: LetterWalk.Found] = [:]
    var openIdentities: [UInt64: UInt64] = [:]
    var nextToken: UInt64 = 1
    var memory = ReplayMemory()
    var pace: Pace
    var canary: Canary?
    var isCanaryOver = false
    /// When the last of it was sent, monotonic nanoseconds; 0 before.
    var canarySentAt: Int64 = 0
    var outbox: [PublishRequest] = []
    private let wakeUp: WakeUp
    private let results: Mailbox<PublishResult>
    private var auditAnswer: PublishOutcome?
    /// Monotonic nanoseconds.
    private var lastProgress: Int64 = 0
    private var lastAnswer: Int64 = 0
    private static let auditToken: UInt64 = 0

    /// - Parameter routes: as they are today, for replays to the original templates.
    package init(_ options: Options, lane: LaneOptions, routes: RouteTable) throws {
        self.options = options
        self.lane = lane
        self.routes = routes
        mask = SecretMask(words: lane.mask)
        pace = Pace(perSecond: options.perSecond)
        canary = options.canary
        wakeUp = try WakeUp()
        results = Mailbox(wakeUp: wakeUp)
        if options.isWatched { watch = try ReplayWatch(lane, id: options.id) }
        walk = try LetterWalk(lane, name: "postback replay \(options.id)")
    }

    /// Counts what would be replayed, and changes nothing.
    package func rehearse(_ progress: (ReplayRun) -> Void) throws(AMQPError) {
        defer { walk.release() }
        while !Interruption.isRequested, tally.matched < options.limit ?? .max {
            let more = try walk.take(limit: 1000) { found in
                tally.looked += 1
                guard tally.matched < options.limit ?? .max, options.filter.matches(found.letter) else { return }
                if options.before?.holds(found.letter) == true {
                    tally.already += 1
                    return
                }
                _ = choose(found)
            }
            report(progress)
            if !more { return }
            walk.wait(milliseconds: 100)
        }
        if Interruption.isRequested { stop = .interrupted }
    }

    /// Replays.
    /// - Parameter progress: called several times a second.
    package func run(_ progress: (ReplayRun) -> Void) throws {
        let mailbox = results
        publisher = try Publisher(
            .init(urls: lane.urls, tls: lane.tls, name: "postback replay \(options.id) publisher", window: Self.window),
            onResults: { mailbox.post($0) },
            onState: { _ in }
        )
        audit([("frozen", walk.frozen)])
        lastAnswer = Clock.monotonic()
        while !isOver {
            turn()
            report(progress)
            if !isOver { wait() }
        }
        walk.release()
        followToTheEnd(progress)
        audit(auditCounts)
        settleAudit()
        publisher?.stop()
        watch?.close()
    }

    // MARK: One turn

    private func turn() {
        settle()
        watch?.read { note($0) }
        if stop == nil, Interruption.isRequested { end(.interrupted) }
        decideCanary()
        let room = room
        do throws(AMQPError) {
            if room > 0 {
                let more = try walk.take(limit: room, mayTurn: open.isEmpty) { consider($0) }
                if !more || tally.matched >= options.limit ?? .max { isAtEnd = true }
            } else {
                try walk.keepAlive()
            }
            publisher?.publish(outbox)
            outbox.removeAll(keepingCapacity: true)
            try walk.flush()
        } catch {
            reconnect(error)
        }
        giveUpOnSilence()
    }

    private var isOver: Bool { open.isEmpty && (stop != nil || (isAtEnd && !isWaitingForCanary)) }

    /// How many letters may be taken now.
    private var room: Int {
        if stop != nil || isAtEnd { return 0 }
        let left = canary.map { $0.size - (tally.matched - tally.leftCount) }
        return min(
            Self.window - open.count,
            pace.allowance(now: Clock.monotonic()),
            (options.limit ?? .max) - tally.matched,
            isWaitingForCanary ? left ?? .max : .max
        )
    }

    /// A broker that answers nothing is not waited for for ever; what it was given is then unknown.
    private func giveUpOnSilence() {
        let now = Clock.monotonic()
        if open.isEmpty { lastAnswer = now }
        let patience: Int64 = stop == .interrupted ? 10_000_000_000 : 60_000_000_000
        if now - lastAnswer < patience { return }
        end(.broker)
        publisher?.stop()
        settle()
    }

    private func wait() {
        let others = [wakeUp.descriptor] + (watch?.descriptor.map { [$0] } ?? [])
        // A tenth of a second, for a signal to be heard; a pace makes room sooner.
        let patience: Int32 = options.perSecond == nil ? 100 : 5
        walk.wait(milliseconds: patience, forLetters: room > 0, alsoFor: others)
        wakeUp.clear()
    }

    // MARK: Letters

    private func consider(_ found: LetterWalk.Found) {
        tally.looked += 1
        let letter = found.letter
        if found.mayBeKnown, adopt(found) { return }
        // What died since, though a clock may be wrong: then it stays for the next replay.
        let isFrozen = letter.failedAt ?? 0 <= walk.startedAt && letter.replayedFrom != options.id
        if isFrozen, options.before?.holds(letter) == true, options.filter.matches(letter) {
            tally.already += 1
            _ = walk.acknowledge(found)
            return
        }
        guard isFrozen, options.filter.matches(letter), let sendsOriginal = choose(found) else {
            return walk.hold(found)
        }
        pace.spend(1)
        let token = nextToken
        nextToken += 1
        open[token] = found
        openIdentities[letter.identity] = token
        outbox.append(
            PublishRequest(
                token: token,
                exchange: lane.topology.exchange,
                routingKey: Topology.conversionsKey,
                properties: found.properties,
                headers: ReplayTarget.headers(id: options.id, sendsOriginal: sendsOriginal)
                    .map { ($0.name, $0.value.map { .text($0) }) },
                body: letter.body
            )
        )
    }

    /// Counts a matching letter; nil when it has to stay.
    private func choose(_ found: LetterWalk.Found) -> Bool? {
        tally.matched += 1
        let decision = options.target.decide(found.letter) { route in
            routes.postback(forKey: Array(route.utf8)).map { mask.url($0.templateText) }
        }
        switch decision {
        case .success(let sendsOriginal):
            counts.add(found.letter)
            return sendsOriginal
        case .failure(let error):
            tally.left[error.obstacle, default: 0] += 1
            return nil
        }
    }

    /// A letter that came before the connection broke is not published twice.
    private func adopt(_ found: LetterWalk.Found) -> Bool {
        let identity = found.letter.identity
        if let token = openIdentities[identity] {
            open[token] = found
            tally.looked -= 1
            return true
        }
        switch memory.find(identity) {
        case .replayed:
            if walk.acknowledge(found) { walk.noteCountedBefore() }
            return true
        case .unknown:
            walk.hold(found)
            return true
        case nil: return false
        }
    }

    // MARK: Answers

    private func settle() {
        for result in results.takeAll() {
            lastAnswer = Clock.monotonic()
            if result.token == Self.auditToken {
                auditAnswer = result.outcome
                continue
            }
            guard let found = open.removeValue(forKey: result.token) else { continue }
            let identity = found.letter.identity
            openIdentities[identity] = nil
            switch result.outcome {
            case .confirmed:
                tally.replayed += 1
                memory.noteReplayed(identity)
                _ = walk.acknowledge(found)
            case .unknown(let reason):
                walk.hold(found)
                tally.unknown += 1
                memory.noteUnknown(identity)
                trouble = reason
            case .unencodable(let reason):
                walk.hold(found)
                tally.refused += 1
                trouble = reason
            case .returned, .refused:
                walk.hold(found)
                tally.refused += 1
                trouble = result.outcome.explanation
                end(.broker)
            }
        }
    }

    func end(_ reason: Stop) {
        if stop == nil { stop = reason }
    }

    private func reconnect(_ error: AMQPError) {
        trouble = error.description
        let start = Clock.monotonic()
        while Clock.monotonic() - start < 60_000_000_000, !Interruption.isRequested {
            do throws(AMQPError) {
                return try walk.reconnect()
            } catch {
                if case .closed(code: 404) = error.kind { break }
                usleep(300_000)
            }
        }
        // Its answers are not to be had either.
        end(Interruption.isRequested ? .interrupted : .broker)
        publisher?.stop()
        settle()
    }

    private func report(_ progress: (ReplayRun) -> Void) {
        let now = Clock.monotonic()
        if now - lastProgress < 200_000_000 { return }
        lastProgress = now
        progress(self)
    }

    // MARK: After the last letter

    private func followToTheEnd(_ progress: (ReplayRun) -> Void) {
        guard options.waits, let watch, stop == nil || stop == .canary else { return }
        let start = Clock.monotonic()
        while tally.open > 0 {
            watch.read { note($0) }
            report(progress)
            if Interruption.isRequested { return end(.interrupted) }
            if (Clock.monotonic() - start) / 1_000_000 > options.patience { return end(.timeout) }
            if tally.open > 0 { walk.wait(milliseconds: 50, alsoFor: watch.descriptor.map { [$0] } ?? []) }
        }
    }

    // MARK: The audit record

    private var auditCounts: [(name: String, count: Int)] {
        [
            ("frozen", walk.frozen), ("matched", tally.matched), ("replayed", tally.replayed),
            ("already", tally.already), ("unknown", tally.unknown), ("refused", tally.refused),
            ("left", tally.leftCount),
        ]
    }

    private func audit(_ counts: [(name: String, count: Int)]) {
        auditAnswer = nil
        let record = AuditRecord(
            .replay,
            id: options.id,
            at: Clock.wall(),
            filter: options.filter.description,
            counts: counts
        )
        publisher?.publish([
            PublishRequest(
                token: Self.auditToken,
                exchange: "",
                routingKey: lane.topology.deliveries,
                body: record.json
            )
        ])
    }

    /// The record is worth five seconds, not the replay.
    private func settleAudit() {
        let start = Clock.monotonic()
        while auditAnswer == nil, stop != .broker, Clock.monotonic() - start < 5_000_000_000 {
            walk.wait(milliseconds: 20, forLetters: false, alsoFor: [wakeUp.descriptor])
            wakeUp.clear()
            settle()
        }
        if auditAnswer != .confirmed {
            let reason = auditAnswer?.explanation ?? "no answer"
            auditTrouble = "the delivery log has no record of this replay: \(reason)"
        }
    }

    /// Why there is no record of it; nil when there is one.
    package private(set) var auditTrouble: String?
}
