import Delivery
import HTTPTransport
package import Routing
import Telemetry

extension ExplanationContext {
    /// The surroundings of a worker with these options.
    ///
    /// - Parameters:
    ///   - now: milliseconds since the Unix epoch.
    ///   - random: the value of `{{random}}`.
    package init(_ options: LaneOptions, routesFile: String, now: Int64, random: UInt64) {
        let egress = options.transport.egress
        let retry = options.retry
        self.init(
            render: RenderContext(attempt: 1, now: now, random: random),
            routesFile: routesFile,
            timeout: Int64(options.timeout),
            userAgent: options.transport.userAgent,
            mask: Mask(SecretMask(words: options.mask)),
            refusal: { egress.refusal(ofHost: $0.host, port: $0.port) },
            retryPlan: { overrides, limit in
                let policy = overrides.map { RetryPolicy(retry, $0) } ?? retry
                return RetryPlan(policy, RetrySchedule(policy, limit: limit))
            }
        )
    }
}

extension ExplanationContext.Mask {
    init(_ mask: SecretMask) {
        self.init(
            url: { mask.url($0) },
            header: { mask.header($0) },
            body: { body, type in
                let type = type.lowercased()
                if type.hasPrefix("application/x-www-form-urlencoded") { return mask.form(body) }
                if type.hasPrefix("application/") { return JSONBodyMask.text(body) { mask.isSecret(parameter: $0) } }
                return body
            }
        )
    }
}

extension RetryPlan {
    fileprivate init(_ policy: RetryPolicy, _ schedule: RetrySchedule) {
        self.init(
            attempts: policy.attempts,
            firstDelay: policy.firstDelay,
            factor: policy.factor,
            maxDelay: policy.maxDelay,
            jitter: policy.jitter,
            maxAge: policy.maxAge,
            offsets: schedule.offsets,
            end: schedule.end.rawValue
        )
    }
}
