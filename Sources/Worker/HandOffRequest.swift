import Delivery
import RabbitMQ
import Routing
import Telemetry

/// What a delivery looks like in the next queue: the network's body byte for byte, its own properties, and our headers
/// (CONTRACT section 4).
struct HandOffRequest {
    let topology: Topology
    let mask: SecretMask

    private typealias Name = PostbackHeaders.Name

    /// Down the ladder, to be tried at `state.notBefore`.
    func retry(_ task: DeliveryTask, of message: InboundMessage, rung: Int) -> PublishRequest {
        var headers = common(task)
        headers.append((Name.notBefore, task.state.notBefore.map { .text(Timestamp.text($0)) }))
        headers.append((Name.parked, task.parked > 0 ? .integer(Int64(task.parked)) : nil))
        headers.append((Name.parkedSince, task.parkedSince.map { .text(Timestamp.text($0)) }))
        headers.append(contentsOf: [Name.reason, Name.url, Name.failedAt].map { ($0, nil) })
        return request(task, message, to: topology.retry(seconds: rung), headers)
    }

    /// Back to the work queue at once, no attempt spent.
    func again(_ task: DeliveryTask, of message: InboundMessage) -> PublishRequest {
        var headers = common(task)
        headers.append((Name.notBefore, nil))
        return request(task, message, to: topology.conversions, headers)
    }

    /// Further down the ladder, as it came.
    func onward(_ task: DeliveryTask, of message: InboundMessage, rung: Int) -> PublishRequest {
        request(task, message, to: topology.retry(seconds: rung), [])
    }

    /// - Parameter url: as it was to be sent; nil when it could not be made.
    func deadLetter(
        _ task: DeliveryTask,
        of message: InboundMessage,
        _ reason: DeadLetterReason,
        url: String?,
        now: Int64
    ) -> PublishRequest {
        var headers = common(task)
        headers.append(contentsOf: [Name.notBefore, Name.parked, Name.parkedSince].map { ($0, nil) })
        headers.append((Name.reason, .text(reason.rawValue)))
        headers.append((Name.url, url.map { .text(Self.shortened(mask.url($0))) }))
        // Without a postback the template of an earlier dead letter stays, for a replay to it.
        if let postback = task.postback {
            headers.append((Name.template, .text(Self.shortened(mask.url(postback.templateText)))))
        }
        headers.append((Name.failedAt, .text(Timestamp.text(now))))
        return request(task, message, to: topology.deadLetters, headers)
    }

    private func common(_ task: DeliveryTask) -> [(name: String, value: FieldValue?)] {
        var headers: [(name: String, value: FieldValue?)] = []
        if let postback = task.postback { headers.append((Name.route, .bytes(postback.keyBytes))) }
        headers.append((Name.attempt, .integer(Int64(task.state.attempts))))
        headers.append((Name.firstAttemptAt, task.state.firstAttemptAt.map { .text(Timestamp.text($0)) }))
        headers.append((Name.lastStatus, task.lastStatus.map { .integer(Int64($0)) }))
        headers.append((Name.lastError, task.lastError.map { .text(Self.shortened($0)) }))
        headers.append((Name.history, task.history.json == "[]" ? nil : .text(task.history.json)))
        return headers
    }

    private func request(
        _ task: DeliveryTask,
        _ message: InboundMessage,
        to queue: String,
        _ headers: [(name: String, value: FieldValue?)]
    ) -> PublishRequest {
        PublishRequest(
            token: UInt64(task.slot),
            exchange: "",
            routingKey: queue,
            properties: message.properties,
            headers: headers,
            body: message.body
        )
    }

    /// Header frames are bounded; a URL of 8,000 bytes fits whole.
    private static func shortened(_ text: String) -> String {
        text.utf8.count <= 8192 ? text : String(decoding: text.utf8.prefix(4000), as: UTF8.self) + "…"
    }
}
