import Documents

extension RouteReader {
    /// The longest URL that every receiver takes; RFC 9110, section 4.1 asks for 8,000, many servers stop before.
    private static let usualLength = 2_000

    /// Warns of what is allowed in a URL but seldom meant.
    mutating func lint(_ url: [UInt8], _ number: UInt32, _ scheme: PlainOrigins.Choice, at position: SourcePosition) {
        let traits = traits(of: number)
        if draft.destinations.isPlain(Int(number)) {
            switch scheme {
            case .url: plainOrigins.add(number, at: position, path: log.pathText, isInput: false)
            case .input(let field):
                let path = (log.path.dropLast() + [field.key]).joined(separator: ".")
                plainOrigins.add(number, at: field.value.position, path: path, isInput: true)
            case .fixed: break
            }
        }
        if url.count > Self.usualLength {
            log.warning(
                at: position,
                "the url is \(url.count) characters long, without its values",
                hint: "many servers take no more than 2,000"
            )
        }
        if let refusal = traits.refusal {
            log.warning(
                at: position,
                "requests to \(draft.destinations[Int(number)].origin) will be refused: \(refusal)",
                hint: "what is refused becomes a dead letter at once; section egress of the configuration decides"
            )
        }
        if traits.isAddress {
            log.warning(
                at: position,
                "the host \(draft.destinations[Int(number)].host) is an IP address",
                hint: "a name survives a move of the server, and its certificate can be checked"
            )
        }
    }

    /// Worked out once for a destination; kept only where there is something to say.
    private mutating func traits(of number: UInt32) -> DestinationTraits {
        while destinationsSeen <= Int(number) {
            let destination = draft.destinations[destinationsSeen]
            let traits = DestinationTraits(destination, refusal: refusal(destination))
            if !traits.isUsual { destinationTraits[UInt32(destinationsSeen)] = traits }
            destinationsSeen += 1
        }
        return destinationTraits.isEmpty ? .usual : destinationTraits[number] ?? .usual
    }

    /// Told at the end: http where this file knows the same host by https.
    mutating func warnOfPlainHTTP() {
        if plainOrigins.uses.isEmpty { return }
        var secure: [String: Destination] = [:]
        let encrypted = (0..<draft.destinations.count).filter { !draft.destinations.isPlain($0) }
        if encrypted.isEmpty { return }
        var plain: Set<String> = []
        for use in plainOrigins.uses { plain.insert(draft.destinations[Int(use.destination)].host) }
        for number in encrypted {
            let destination = draft.destinations[number]
            guard plain.contains(destination.host) else { continue }
            if secure[destination.host] == nil || destination.port == 443 { secure[destination.host] = destination }
        }
        if secure.isEmpty { return }
        let uses = plainOrigins.uses.sorted { $0.position < $1.position }
        for use in uses {
            guard let other = secure[draft.destinations[Int(use.destination)].host] else { continue }
            let others = use.count == 1 ? "" : ", here and in \(use.count - 1) more"
            log.warning(
                at: use.position,
                path: plainOrigins.path(of: use),
                "http goes unencrypted, and other urls of this file reach \(other.host) by https",
                hint: (use.isInput ? "write scheme: https" : "write \(other.origin)") + others
            )
        }
    }
}
