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
    package var otherReaders: Int { walk.otherReaders }
    /// How many of the frozen set were looked at.
    package var position: Int { walk.position }
    /// Replayed, and not at their end yet as far as the log tells.
    package var openCount: Int { tally.open(now: Clock.monotonic()) }
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
    /// Letters whose answer is outstanding, by token, and what each is known by.
    var open: [UInt64: (found: LetterWalk.Found, identity: UInt64)] = [:]
    var openIdentities: [UInt64: UInt64] = [:]
    var nextToken: UInt64 = 1
    var memory = ReplayMemory()
    var pace: Pace
    var canary: Canary?
    var isCanaryOver = false
    /// Its letters, as records know them.
    var canaryKeys: Set<ReplayedKey> = []
    private var before: ReplayedBefore?
    /// What is written on a letter, for today's routes and for its own template.
    private let headers: (current: [(name: String, value: FieldValue?)], original: [(name: String, value: FieldValue?)])
    /// When the last of it was sent, monotonic nanoseconds; 0 before.
    var canarySentAt: Int64 = 0
    var outbox: [PublishRequest] = []
    /// A connection broke: letters that were acknowledged may be there still, until a walk has come to its end.
    var isInDoubt = false
    let wakeUp: WakeUp
    let results: Mailbox<PublishResult>
    var auditAnswer: PublishOutcome?
    /// Monotonic nanoseconds.
    var lastAnswer: Int64 = 0
    private var lastProgress: Int64 = 0
    static let auditToken: UInt64 = 0

    /// - Parameter routes: as they are today, for replays to the original templates.
    package init(_ options: Options, lane: LaneOptions, routes: RouteTable) throws {
        self.options = options
        self.lane = lane
        self.routes = routes
        mask = SecretMask(words: lane.mask)
        pace = Pace(perSecond: options.perSecond)
        canary = options.canary
        before = options.before
        let headers = [false, true].map { sendsOriginal in
            ReplayTarget.headers(id: options.id, sendsOriginal: sendsOriginal)
                .map { (name: $0.name, value: $0.value.map { FieldValue.text($0) }) }
        }
        self.headers = (headers[0], headers[1])
        wakeUp = try WakeUp()
        results = Mailbox(wakeUp: wakeUp)
        if options.isWatched { watch = try ReplayWatch(lane, id: options.id) }
        walk = try LetterWalk(
            lane,
            name: "postback replay \(options.id)",
            perSecond: options.perSecond,
            takesAll: options.takesAll
        )
    }

    /// Counts what would be replayed, and changes nothing.
    package func rehearse(_ progress: (ReplayRun) -> Void) throws(AMQPError) {
        defer { try? walk.release() }
        while !Interruption.isRequested, tally.matched < options.limit ?? .max {
            let more = try walk.take(limit: 1000) { found in
                tally.looked += 1
                guard tally.matched < options.limit ?? .max, options.filter.matches(found.letter) else { return }
                if before?.take(found.letter) == true {
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
        endWalk()
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
        do throws(AMQPError) {
            try take()
            publisher?.publish(outbox)
            outbox.removeAll(keepingCapacity: true)
            try walk.flush()
        } catch {
            reconnect(error)
        }
        giveUpOnSilence()
    }

    /// Letters that stay cost no room: they are passed by at once, however slow the replay is.
    private func take() throws(AMQPError) {
        var room = room
        if room <= 0 { return try walk.keepAlive() }
        var passed = 0
        while room > 0, passed < 5000 {
            let more = try walk.take(limit: min(room, 1000), mayTurn: open.isEmpty) { consider($0) }
            if !more { isInDoubt = false }
            if !more || tally.matched >= options.limit ?? .max {
                isAtEnd = true
                return
            }
            if walk.lastCount == 0 { return }
            passed += walk.lastCount
            room = self.room
        }
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
        if isFrozen, options.filter.matches(letter), before?.take(letter) == true {
            tally.already += 1
            memory.noteReplayed(letter.identity)
            _ = walk.acknowledge(found)
            return
        }
        guard isFrozen, options.filter.matches(letter), let sendsOriginal = choose(found) else {
            return walk.hold(found)
        }
        pace.spend(1)
        let token = nextToken
        nextToken += 1
        let identity = letter.identity
        open[token] = (found, identity)
        openIdentities[identity] = token
        if isWatched { tally.await(letter) }
        if isWaitingForCanary { canaryKeys.insert(letter.replayedKey) }
        outbox.append(
            PublishRequest(
                token: token,
                exchange: lane.topology.exchange,
                routingKey: Topology.conversionsKey,
                properties: found.properties,
                headers: sendsOriginal ? headers.original : headers.current,
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

    func end(_ reason: Stop) {
        if stop == nil { stop = reason }
    }

    func report(_ progress: (ReplayRun) -> Void) {
        let now = Clock.monotonic()
        if now - lastProgress < 200_000_000 { return }
        lastProgress = now
        progress(self)
    }

    /// Why there is no record of it; nil when there is one.
    package internal(set) var auditTrouble: String?
}
