import Delivery
import HTTPTransport
import Worker

/// Sends a lane's requests to the simulated hosts. The transfers are the real ones, but libcurl never sees them.
final class SimulatedTransport: RequestTransport {
    private unowned let world: World
    private let lane: SimulatedLane
    private let factory: HTTPTransport
    /// What the lane is not told of yet.
    private var ended: [(transfer: Transfer, request: Request, ending: Ending)] = []
    /// Requests under way, in all and by host.
    private var inFlight = 0
    private var inFlightByHost: [String: Int] = [:]
    /// Its process is gone.
    private var isOver = false

    init(_ lane: SimulatedLane, factory: HTTPTransport, in world: World) {
        self.lane = lane
        self.factory = factory
        self.world = world
    }

    var now: Int64 = 0
    var deadline: Int64? { ended.isEmpty ? nil : now }

    func makeTransfer() throws(TransferFailure) -> Transfer {
        if world.circumstances.areFaultsOn, world.dice.chance(0.002) {
            throw TransferFailure(.local, "no memory for a transfer")
        }
        return try factory.makeTransfer()
    }

    func recycle(_ transfer: Transfer) { factory.recycle(transfer) }

    func origin(isTLS: Bool, host: String, port: UInt16) throws(TransferFailure) -> Origin {
        try factory.origin(isTLS: isTLS, host: host, port: port)
    }

    func runTimers() {}
    func forgetIdle() {}

    func shutDown() { isOver = true }

    func reap(_ complete: (Transfer) -> Void) {
        while !ended.isEmpty {
            let over = ended
            ended = []
            for (transfer, request, ending) in over {
                world.oracle.ended(request, by: lane.number, ending)
                complete(transfer)
            }
        }
    }

    // MARK: Requests

    func start(_ transfer: Transfer, to origin: Origin) {
        transfer.begin(at: origin)
        let request = Request(target: transfer.target, host: origin.host)
        inFlight += 1
        inFlightByHost[origin.host, default: 0] += 1
        world.trace.note(
            "sent",
            lane.number,
            request.serial,
            request.attempt,
            transfer.slot,
            detail: "\(request.route) to \(request.host)"
        )
        world.oracle.sent(request, by: lane, inFlight: inFlight, toHost: inFlightByHost[origin.host] ?? 0)
        let behaviour = lane.isCutOff ? .nobody : world.destinations.behaviour(of: origin.host)
        carryOut(behaviour, request, transfer, origin)
    }

    private func carryOut(_ behaviour: Behaviour, _ request: Request, _ transfer: Transfer, _ origin: Origin) {
        let latency = world.destinations.latency(of: request.host)
        let timeout = Int64.milliseconds(Int64(transfer.timeout))
        let arrival = latency / 2
        switch behaviour {
        case .answer(let status, let headers, let body):
            guard latency < timeout else { return carryOut(.lateAnswer, request, transfer, origin) }
            // Whether it is one is the lane's to say at that time; none of the dates lies ahead.
            let asked = headers["Retry-After"].flatMap { RetryAfter.delay(Array($0.utf8), now: world.wall) }
            let ending = world.routeBook.ending(request.route, status: status, body: body, asked: asked)
            receive(request, after: arrival, accepts: ending == .success)
            end(transfer, request, after: latency, ending) {
                transfer.conclude(
                    as: .answered(status: status, bodyComplete: true),
                    sends: 1,
                    openedConnection: false,
                    headers: headers.mapValues { Array($0.utf8) },
                    body: Array(body.utf8)
                )
            }
        case .cutAnswer(let status):
            // Where the body decides, what is cut off says nothing.
            if world.routeBook.hasRules(request.route) {
                return carryOut(.breakOff(accepts: true), request, transfer, origin)
            }
            let ending = world.routeBook.ending(request.route, status: status, body: "")
            receive(request, after: arrival, accepts: ending == .success)
            end(transfer, request, after: min(latency, timeout), ending) {
                transfer.conclude(as: .answered(status: status, bodyComplete: false), sends: 1, openedConnection: true)
            }
        case .silence(let accepts):
            receive(request, after: arrival, accepts: accepts)
            fail(transfer, request, .timeout, sends: 1, after: timeout)
        case .lateAnswer:
            receive(request, after: arrival, accepts: true)
            fail(transfer, request, .timeout, sends: 1, after: timeout)
        case .breakOff(let accepts):
            receive(request, after: arrival, accepts: accepts)
            fail(transfer, request, .receive, sends: 1, after: min(latency, timeout))
        case .resend(let accepts):
            receive(request, after: arrival, accepts: accepts)
            receive(request, after: latency, accepts: true)
            end(transfer, request, after: min(2 * latency, timeout), .success) {
                transfer.conclude(
                    as: .answered(status: 200, bodyComplete: true),
                    sends: 2,
                    openedConnection: true,
                    body: Array("OK".utf8)
                )
            }
        case .refusal: fail(transfer, request, .refused, sends: 0, after: min(latency, timeout))
        case .noAddress: fail(transfer, request, .resolve, sends: 0, after: min(latency, timeout))
        case .noTLS: fail(transfer, request, .tls, sends: 0, after: min(latency, timeout))
        case .blocked: fail(transfer, request, .blocked, sends: 0, after: 0)
        case .localFault: fail(transfer, request, .local, sends: 0, after: 0)
        case .nobody:
            let patience = min(timeout, .milliseconds(Int64(transfer.connectTimeout)))
            fail(transfer, request, .timeout, sends: 0, after: patience)
        case .redirect:
            guard transfer.redirectsLeft > 0,
                let other = try? factory.origin(isTLS: false, host: "z.example.com", port: 80)
            else { return carryOut(.answer(status: 302), request, transfer, origin) }
            transfer.redirectsLeft -= 1
            transfer.begin(at: other)
            carryOut(.answer(status: world.dice.chance(0.8) ? 200 : 500), request, transfer, other)
        }
    }

    /// The host has it, also when the process that sent it is gone by then.
    private func receive(_ request: Request, after delay: Int64, accepts: Bool) {
        world.timeline.after(delay) { [world] in
            world.trace.note("received", request.serial, request.attempt, accepts ? 1 : 0, detail: request.route)
            world.oracle.received(request, accepted: accepts)
        }
    }

    private func fail(
        _ transfer: Transfer,
        _ request: Request,
        _ kind: TransferFailure.Kind,
        sends: Int,
        after delay: Int64
    ) {
        end(transfer, request, after: delay, Self.ending(of: kind)) {
            transfer.conclude(as: .failed(TransferFailure(kind, "\(kind)")), sends: sends, openedConnection: false)
        }
    }

    private static func ending(of kind: TransferFailure.Kind) -> Ending {
        switch kind {
        case .refused, .tls, .receive: .failure
        case .resolve, .connect, .send, .timeout: .silence
        case .blocked: .blocked
        case .local, .invalidURL: .ownFault
        }
    }

    /// - Parameter ending: what the lane learns with it.
    private func end(
        _ transfer: Transfer,
        _ request: Request,
        after delay: Int64,
        _ ending: Ending,
        _ conclude: @escaping () -> Void
    ) {
        let host = request.host
        world.timeline.after(delay) { [self] in
            guard !isOver else { return factory.recycle(transfer) }
            conclude()
            inFlight -= 1
            inFlightByHost[host, default: 0] -= 1
            world.trace.note(
                "ended",
                lane.number,
                request.serial,
                request.attempt,
                ending == .success ? 1 : 0,
                detail: "\(transfer.result)"
            )
            ended.append((transfer, request, ending))
            lane.wake()
        }
    }
}
