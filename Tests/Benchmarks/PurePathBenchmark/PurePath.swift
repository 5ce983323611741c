import Conversion
import Delivery
import Documents
import Routing

/// What a lane does for a conversion that is delivered at the first attempt, without the broker and the network.
struct PurePath {
    private let routes: RouteTable
    private let bodies = Sample.bodies
    private var event = ConversionEvent()
    private var resolution = Resolution()
    private var target: [UInt8] = []
    private var key: [UInt8] = []
    private var gate = DispatchGate(DispatchPolicy(concurrency: 100, perDestination: 100, window: 500))
    private var ledger = SettlementLedger()
    private var acknowledgements: [SettlementLedger.Acknowledgement] = []
    /// Monotonic nanoseconds, made up.
    private var now: Int64 = 1_000_000_000
    /// Of everything that was made.
    private(set) var checksum = 0

    init() throws {
        let (table, faults) = RouteTable.load(Sample.routes(), file: "routes.yaml")
        guard let table else { throw FaultyDocument(faults) }
        routes = table
    }

    mutating func take(_ count: Int, upTo stage: Stage) throws {
        let bodies = stage == .large ? Sample.largeBodies : bodies
        for number in 0..<count {
            now += 30_000
            let body = bodies[number % bodies.count]
            try event.decode(body.span)
            checksum &+= event.bodyCount
            if stage < .resolve { continue }
            routes.resolve(event, into: &resolution)
            checksum &+= resolution.postbacks.count
            if stage < .render { continue }
            for postback in resolution.postbacks { try render(postback) }
            if stage < .settle { continue }
            settle(number)
        }
    }

    private mutating func render(_ postback: Postback) throws {
        target.removeAll(keepingCapacity: true)
        let context = RenderContext(attempt: 1, now: now / 1_000_000, random: 7)
        try postback.renderTarget(event, context, into: &target)
        key.removeAll(keepingCapacity: true)
        postback.appendKey(to: &key)
        checksum &+= target.count &+ key.count
    }

    /// Through the gate, and what follows from an answer.
    private mutating func settle(_ number: Int) {
        let slot = ledger.received(tag: UInt64(number) + 1)
        ledger.open(slot, extra: resolution.postbacks.count - 1)
        gate.now = now
        for postback in resolution.postbacks {
            let destination = postback.destinationIndex
            if !gate.starts(destination), gate.admit(slot, to: destination, of: 1) != .start { checksum &+= 1 }
            let result = AttemptResult(.answered(status: 204), sends: 1)
            gate.ended(destination, .answered, startedAt: now - 1_000_000)
            let step = DeliveryState().next(
                after: Verdict(result),
                retryAfter: nil,
                startedAt: now / 1_000_000 - 1,
                now: now / 1_000_000,
                policy: RetryPolicy(),
                random: 0.5
            )
            if step == .delivered, ledger.close(slot, now: now) { checksum &+= 1 }
        }
        ledger.takeAcknowledgements(now: now, force: false, into: &acknowledgements)
        checksum &+= acknowledgements.count
        acknowledgements.removeAll(keepingCapacity: true)
    }
}
