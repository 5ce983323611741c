/// Names are looked up when a transfer needs them; what asks meanwhile waits for the same answer.
extension HTTPTransport {
    /// Whether it is known where an origin is; if not, its name is looked up and the transfer waits.
    func isKnown(_ origin: Origin, for transfer: Transfer) -> Bool {
        if origin.expires > now { return true }
        origin.waiting.append(transfer)
        transfer.lookUpStartedAt = now
        if !origin.isResolving {
            origin.isResolving = true
            let isFirst = resolving[origin.host] == nil
            resolving[origin.host, default: []].append(origin)
            if isFirst { resolver?.resolve(origin.host, now: now, isSuspect: origin.failure != nil) }
        }
        return false
    }

    func resolved(_ name: String, _ answer: Resolver.Answer) {
        for origin in resolving.removeValue(forKey: name) ?? [] {
            origin.isResolving = false
            switch answer {
            case .addresses(let addresses, let timeToLive):
                let seconds = Int64(min(max(timeToLive, 5), 300))
                origin.resolved(addresses, until: now + seconds * 1_000_000_000)
            case .failed(let failure):
                // Long enough that a burst asks once, short enough that a mended name is found.
                origin.failed(failure, until: now + 1_000_000_000)
            }
            onLookUp(origin.failure == nil)
            let waiting = origin.waiting
            origin.waiting = []
            for transfer in waiting {
                transfer.lookUp = (transfer.lookUp ?? 0) + max(0, now - transfer.lookUpStartedAt) / 1000
                dispatch(transfer, transfer.origin ?? origin)
            }
        }
    }
}
