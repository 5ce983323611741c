/// Names with more than one address.
extension HTTPTransport {
    /// A name with several addresses gets two more tries within one attempt, when nothing was sent yet.
    func triesNextAddress(_ transfer: Transfer) -> Bool {
        guard case .failed(let failure) = transfer.result, transfer.sends == 0, proxy == nil,
            let origin = transfer.origin, let used = transfer.pin,
            [.connect, .refused, .timeout, .local].contains(failure.kind)
        else { return false }
        origin.turnAway(from: used)
        // A time-out has used up the attempt's time: the next attempt begins with the next address.
        if failure.kind == .timeout { return false }
        transfer.addressTries += 1
        guard transfer.addressTries < 3, let next = origin.pin, next !== used else {
            // That a second address cannot be reached from here does not excuse the first, which could.
            if failure.kind == .local, let earlier = transfer.earlierFailure { transfer.result = .failed(earlier) }
            return false
        }
        if failure.kind != .local { transfer.earlierFailure = failure }
        dispatch(transfer, origin)
        return true
    }
}
