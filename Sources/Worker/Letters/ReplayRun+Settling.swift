import EventLoop
import Glibc
import Letters
import RabbitMQ

/// Answers, and connections that break: what is confirmed is acknowledged, and surely so in the end.
extension ReplayRun {
    func settle() {
        for result in results.takeAll() {
            lastAnswer = Clock.monotonic()
            if result.token == Self.auditToken {
                auditAnswer = result.outcome
                continue
            }
            guard let (found, identity) = open.removeValue(forKey: result.token) else { continue }
            openIdentities[identity] = nil
            if isWatched, result.outcome != .confirmed { tally.forget(found.letter) }
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

    /// A letter that came before the connection broke is not published twice.
    func adopt(_ found: LetterWalk.Found) -> Bool {
        let identity = found.letter.identity
        if let token = openIdentities[identity] {
            open[token] = (found, identity)
            tally.looked -= 1
            return true
        }
        switch memory.find(identity) {
        case .replayed:
            _ = walk.acknowledge(found)
            return true
        case .unknown:
            walk.hold(found)
            return true
        case nil: return false
        }
    }

    func reconnect(_ error: AMQPError) {
        if reconnects(error, within: Interruption.isRequested ? 5_000 : 60_000) { return }
        // Its answers are not to be had either.
        end(Interruption.isRequested ? .interrupted : .broker)
        publisher?.stop()
        settle()
    }

    /// Begins again at the head of the queue.
    private func reconnects(_ error: AMQPError, within patience: Int64) -> Bool {
        trouble = error.description
        isInDoubt = true
        // They are counted again.
        tally.matched -= tally.leftCount
        tally.left = [:]
        let start = Clock.monotonic()
        let wasInterrupted = Interruption.isRequested
        while (Clock.monotonic() - start) / 1_000_000 < patience, wasInterrupted || !Interruption.isRequested {
            do throws(AMQPError) {
                try walk.reconnect()
                return true
            } catch {
                if case .closed(code: 404) = error.kind { return false }
                usleep(300_000)
            }
        }
        return false
    }

    /// Gives back what stays. A letter whose acknowledgement the broker did not take is there again: it is known, and
    /// acknowledged anew, or the next replay would double it.
    func endWalk() {
        let start = Clock.monotonic()
        while true {
            do throws(AMQPError) {
                if isInDoubt, tally.replayed > 0 { try acknowledgeKnown() }
                return try walk.release()
            } catch {
                let isPatient = stop != .broker && stop != .interrupted && Clock.monotonic() - start < 120_000_000_000
                if reconnects(error, within: isPatient ? 60_000 : 5_000) { continue }
                end(.broker)
                trouble =
                    "\(error.description); what was replayed last may still be among the dead letters: "
                    + "run it again with --after \(options.id)"
                return
            }
        }
    }

    private func acknowledgeKnown() throws(AMQPError) {
        if walk.descriptor == nil { throw AMQPError(.connectionLost, trouble ?? "no connection") }
        var more = true
        while more {
            more = try walk.take(limit: 1000) { found in
                if found.mayBeKnown, memory.find(found.letter.identity) == .replayed {
                    _ = walk.acknowledge(found)
                } else {
                    walk.hold(found)
                }
            }
            try walk.flush()
            if more, walk.lastCount == 0 { walk.wait(milliseconds: 100) }
        }
        isInDoubt = false
    }
}
