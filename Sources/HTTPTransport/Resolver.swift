internal import EventLoop
internal import Glibc

/// Looks up names: one question per name at a time, a bounded number at once, each with an end, and says whose fault it
/// is when nothing is found. Confined to the loop's thread; times are readings of the monotonic clock in nanoseconds.
///
/// When a name server cannot find out about a name, or none answers, that may be the fault of the name's own servers or
/// of our network. It is the name's as soon as our servers have found out anything since the look-up began, be it that
/// a name does not exist. Otherwise they are asked for a name that nobody has: only when that fails as well it is ours.
final class Resolver {
    enum Answer {
        case addresses([IPAddress], timeToLive: Int)
        case failed(TransferFailure)
    }

    /// How long a look-up may take, its time in the queue included.
    static let patience: Int64 = 5_000_000_000
    /// Fresh questions at a time, and how many of them for names whose last look-up failed.
    static let limit = 100
    static let suspectLimit = 50
    /// How long a question counts as fresh. One that is still open then no longer keeps others waiting, so that names
    /// nobody answers for do not hold up the rest; in all `limit * patience / freshness` can be open.
    static let freshness: Int64 = 250_000_000
    /// After how long without any answer it is asked whether the name servers answer at all.
    private static let probeAfter: Int64 = 1_500_000_000
    /// How long it may take, and how long it holds when it failed.
    private static let probePatience: Int64 = 3_000_000_000
    private static let probeHolds: Int64 = 2_000_000_000

    private final class LookUp {
        let name: String
        let startedAt: Int64
        let isSuspect: Bool
        var askedAt: Int64?
        var isOver = false
        /// Why it failed, once that is known and only the blame is open.
        var doubt: String?

        init(_ name: String, _ startedAt: Int64, isSuspect: Bool) {
            self.name = name
            self.startedAt = startedAt
            self.isSuspect = isSuspect
        }
    }

    private let epoll: Epoll
    private let nameServers: [String]
    private let configuration: SystemFile
    private let port: UInt16
    private var channel: NameChannel
    private let onAnswer: (String, Answer) -> Void
    /// All that are not over, in the order they began, which is the order in which their time is up.
    private var lookUps: [LookUp] = []
    /// Those whose question is fresh, in the order they were asked.
    private var fresh: [LookUp] = []
    private var freshSuspects = 0
    private var isAsking = false
    private var wantsToAsk = false
    /// When the probe under way began.
    private var probeStartedAt: Int64?
    private var now: Int64 = 0
    /// When our name servers last found out anything, and when they were last found unable to.
    private var workedAt = Int64.min
    private var probeFailedAt: Int64?
    private var checkedAt: Int64?

    /// - Parameters:
    ///   - nameServers: in place of those in `configuration`.
    ///   - configuration: read again when it changes.
    ///   - port: of name servers whose port is not told.
    init(
        epoll: Epoll,
        nameServers: [String],
        configuration: String,
        port: UInt16,
        onAnswer: @escaping (String, Answer) -> Void
    ) throws(TransferFailure) {
        self.epoll = epoll
        self.nameServers = nameServers
        self.configuration = SystemFile(configuration)
        self.port = port
        self.onAnswer = onAnswer
        channel = try NameChannel(epoll: epoll, nameServers: nameServers, configuration: configuration, port: port)
    }

    /// Ends all look-ups; their answers do not come.
    func shutDown() {
        lookUps = []
        channel.close()
    }

    /// The answer comes through `onAnswer`, possibly before this returns. A name is not asked for again before that.
    ///
    /// - Parameter isSuspect: whether its last look-up failed; such names leave room for the others.
    func resolve(_ name: String, now: Int64, isSuspect: Bool) {
        self.now = now
        lookUps.append(LookUp(name, now, isSuspect: isSuspect))
        askMore()
    }

    // MARK: Asking

    private func askMore() {
        wantsToAsk = true
        // From a reply that came at once: the loop below goes on.
        if isAsking { return }
        isAsking = true
        defer { isAsking = false }
        while wantsToAsk {
            wantsToAsk = false
            for lookUp in lookUps where lookUp.askedAt == nil && !lookUp.isOver {
                if fresh.count >= Self.limit { return }
                if lookUp.isSuspect && freshSuspects >= Self.suspectLimit { continue }
                ask(lookUp)
            }
        }
    }

    private func ask(_ lookUp: LookUp) {
        lookUp.askedAt = now
        fresh.append(lookUp)
        if lookUp.isSuspect { freshSuspects += 1 }
        var isAtOnce = true
        defer { isAtOnce = false }
        channel.ask(lookUp.name) { [unowned self, channel] reply in
            // Of a channel that was replaced nothing is expected any more.
            guard channel === self.channel else { return }
            if let index = fresh.firstIndex(where: { $0 === lookUp }) { letAge(at: index) }
            replied(lookUp, reply, isAtOnce: isAtOnce)
        }
    }

    private func letAge(at index: Int) {
        let lookUp = fresh.remove(at: index)
        if lookUp.isSuspect { freshSuspects -= 1 }
    }

    /// - Parameter isAtOnce: whether it came without asking anybody, as with names in /etc/hosts.
    private func replied(_ lookUp: LookUp, _ reply: NameChannel.Reply, isAtOnce: Bool) {
        switch reply {
        case .addresses(let addresses, let timeToLive):
            if !isAtOnce { workedAt = now }
            end(lookUp, .addresses(addresses, timeToLive: timeToLive))
        case .denied(let words):
            if !isAtOnce { workedAt = now }
            end(lookUp, .failed(TransferFailure(.resolve, "resolving \(lookUp.name): \(words)")))
        case .doubtful(let words): doubt(lookUp, words)
        case .local(let words): end(lookUp, .failed(TransferFailure(.local, "resolving \(lookUp.name): \(words)")))
        }
        settleDoubts()
        askMore()
    }

    private func end(_ lookUp: LookUp, _ answer: Answer) {
        if lookUp.isOver { return }
        lookUp.isOver = true
        if let index = lookUps.firstIndex(where: { $0 === lookUp }) { lookUps.remove(at: index) }
        onAnswer(lookUp.name, answer)
    }

    // MARK: Whose fault it is

    private func doubt(_ lookUp: LookUp, _ words: String) {
        if lookUp.isOver || lookUp.doubt != nil { return }
        lookUp.doubt = words
        settleDoubts()
        if !lookUp.isOver { probe() }
    }

    /// Ends those in doubt of which it is known by now whose fault it is.
    private func settleDoubts() {
        let probeFailed = probeFailedAt.map { now - $0 < Self.probeHolds } ?? false
        for lookUp in lookUps {
            guard let words = lookUp.doubt else { continue }
            if workedAt >= lookUp.startedAt {
                end(lookUp, .failed(TransferFailure(.resolve, "resolving \(lookUp.name): \(words)")))
            } else if probeFailed {
                let text = "resolving \(lookUp.name): \(words), and no other name is found either"
                end(lookUp, .failed(TransferFailure(.local, text)))
            }
        }
    }

    private func probe() {
        if probeStartedAt != nil { return }
        let startedAt = now
        probeStartedAt = startedAt
        // Random, so that nobody has the answer in store.
        channel.probe("postback-probe-\(String(UInt64.random(in: 0 ... .max), radix: 36)).") {
            [unowned self, channel] reply in
            guard channel === self.channel else { return }
            switch reply {
            case .addresses, .denied: workedAt = now
            // Of one that was given up nothing more is to be learned.
            case .doubtful, .local:
                if probeStartedAt != startedAt { return }
                probeFailedAt = now
            }
            if probeStartedAt == startedAt { probeStartedAt = nil }
            settleDoubts()
        }
    }

    // MARK: The loop

    func act(on descriptor: Int32, _ readiness: Readiness, now: Int64) {
        self.now = now
        channel.act(on: descriptor, readiness)
    }

    /// When `runTimers` is wanted; nil for never.
    func deadline(now: Int64) -> Int64? {
        var due = channel.timeUntilDeadline.map { now + $0 }
        if let probeStartedAt { due = min(due ?? .max, probeStartedAt + Self.probePatience) }
        if let first = fresh.first?.askedAt { due = min(due ?? .max, first + Self.freshness) }
        if let first = lookUps.first(where: { $0.doubt == nil }) {
            due = min(due ?? .max, first.startedAt + Self.patience)
            if wantsProbe(first, after: first.startedAt) { due = min(due ?? .max, first.startedAt + Self.probeAfter) }
        }
        return due
    }

    private func wantsProbe(_ lookUp: LookUp, after time: Int64) -> Bool {
        probeStartedAt == nil && workedAt < time && (probeFailedAt.map { $0 < time } ?? true)
    }

    func runTimers(now: Int64) {
        self.now = now
        followConfiguration()
        if lookUps.isEmpty && channel.outstanding == 0 { return }
        channel.runTimers()
        if let startedAt = probeStartedAt, now - startedAt >= Self.probePatience {
            probeStartedAt = nil
            probeFailedAt = now
            settleDoubts()
        }
        while let first = fresh.first?.askedAt, now - first >= Self.freshness { letAge(at: 0) }
        askMore()
        while let late = lookUps.first(where: { $0.doubt == nil }), now - late.startedAt >= Self.patience {
            if late.askedAt != nil {
                doubt(late, "no answer within \(Self.patience / 1_000_000_000) s")
            } else {
                let text = "resolving \(late.name): too many names are being looked up"
                end(late, .failed(TransferFailure(.local, text)))
            }
        }
        if let first = lookUps.first(where: { $0.doubt == nil }), now - first.startedAt >= Self.probeAfter,
            wantsProbe(first, after: first.startedAt)
        {
            probe()
        }
    }

    // MARK: Changes of the system's

    /// Reads the system's name servers again when they changed; looks at most once a second. Never from within a reply, to
    /// which a look-up may well be the answer: the channel that calls back must not be freed.
    private func followConfiguration() {
        guard nameServers.isEmpty, checkedAt.map({ now - $0 >= 1_000_000_000 }) ?? true else { return }
        checkedAt = now
        guard configuration.hasChanged() else { return }
        // When the new ones make no sense the old ones go on.
        let new = try? NameChannel(epoll: epoll, nameServers: [], configuration: configuration.path, port: port)
        guard let new else { return }
        channel.close()
        channel = new
        (fresh, freshSuspects, probeStartedAt, probeFailedAt) = ([], 0, nil, nil)
        for lookUp in lookUps where lookUp.doubt == nil { lookUp.askedAt = nil }
        if lookUps.contains(where: { $0.doubt != nil }) { probe() }
    }
}
