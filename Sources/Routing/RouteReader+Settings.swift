import Documents

extension RouteReader {
    /// Reads one field of how a postback is sent; false when there is no such field.
    mutating func readSetting(_ field: SourceNode.Entry, _ request: inout RequestDraft) -> Bool {
        switch field.key {
        case "timeout": request.settings.timeout = read(field) { $0.duration(in: Self.timeouts, "timeout") }
        case "method": request.settings.method = read(field, \.method) ?? .get
        case "headers": request.headers = field
        case "body": request.body = field
        case "content_type": request.contentType = field
        case "delay": request.settings.delay = read(field) { $0.duration(in: Self.delays, "delay") }
        case "max_age":
            request.maxAge = field
            request.settings.maxAge = read(field) { $0.duration(in: Self.ages, "max_age") }
        case "retry": request.settings.retry = readRetry(field)
        case "redirects": request.settings.redirects = read(field) { $0.whole(in: 0...10) } ?? 0
        case "http2": request.settings.usesHTTP2 = read(field, \.boolean) ?? false
        case "success": request.success = field
        case "duplicate": request.duplicate = field
        case "sign": request.sign = field
        default: return false
        }
        return true
    }

    /// How long a first attempt may be put off.
    static let delays = Milliseconds(0)...Milliseconds(7 * 86_400_000)
    /// How old a conversion may be.
    static let ages = Milliseconds(1_000)...Milliseconds(365 * 86_400_000)
    /// The ranges of the worker's own `retry` settings.
    private static let retryDelays = Milliseconds(100)...Milliseconds(7 * 86_400_000)

    private mutating func readRetry(_ field: SourceNode.Entry) -> RetryOverrides? {
        log.path.append(field.key)
        defer { log.path.removeLast() }
        guard case .mapping(let entries) = field.value.content else {
            log.error(
                at: field.value.position,
                "retry must be a mapping, not \(field.value.kind)",
                hint: "such as { attempts: 5, first_delay: 10s }"
            )
            return nil
        }
        var retry = RetryOverrides()
        for entry in entries {
            switch entry.key {
            case "attempts": retry.attempts = read(entry) { $0.whole(in: 1...1_000) }
            case "first_delay":
                retry.firstDelay = read(entry) { $0.duration(in: Self.retryDelays, "first_delay") }?.value
            case "factor": retry.factor = read(entry) { $0.number(in: 1...10) }
            case "max_delay": retry.maxDelay = read(entry) { $0.duration(in: Self.retryDelays, "max_delay") }?.value
            case "jitter": retry.jitter = read(entry) { $0.number(in: 0...1) }
            case "max_age": retry.maxAge = read(entry) { $0.duration(in: Self.ages, "max_age") }?.value
            default: refuse(entry, allowed: RouteKeys.retry)
            }
        }
        if let first = retry.firstDelay, let most = retry.maxDelay, first > most {
            log.warning(
                at: field.value.position,
                "first_delay \(Milliseconds(first)) is longer than max_delay \(Milliseconds(most))",
                hint: "no delay is longer than max_delay, also not the first"
            )
        }
        return retry == RetryOverrides() ? nil : retry
    }

    /// A delay as long as the age at which a conversion expires would let none through.
    mutating func checkAges(_ request: RequestDraft) {
        guard let field = request.maxAge, let age = request.settings.maxAge, let delay = request.settings.delay,
            delay >= age
        else { return }
        log.path.append(field.key)
        log.error(
            at: field.value.position,
            "with a delay of \(delay) every conversion is older than \(age) when it is sent",
            hint: "make max_age longer than delay"
        )
        log.path.removeLast()
    }
}
