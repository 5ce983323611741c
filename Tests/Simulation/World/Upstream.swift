/// The network that publishes conversions, and is told by confirms which of them the broker has.
final class Upstream {
    private unowned let world: World
    private var left: Int
    private(set) var published = 0

    init(_ world: World) {
        self.world = world
        left = world.circumstances.events
    }

    /// Whether all is published.
    var isDone: Bool { left == 0 }

    func start() {
        let length = world.circumstances.length
        for _ in 0..<left {
            world.timeline.at(Int64(world.dice.number(0...Int(length)))) { [self] in publish() }
        }
        // A burst, when everything is long running.
        if world.dice.chance(0.3) {
            let count = world.dice.number(10...100)
            left += count
            let time = world.dice.length(.milliseconds(1)...length)
            for _ in 0..<count {
                world.timeline.at(time + world.dice.length(1 ... .milliseconds(50))) { [self] in publish() }
            }
        }
    }

    private func publish() {
        let broker = world.broker
        guard broker.isUp, !broker.isBlocked, broker.exists(SimulatedBroker.conversions) else {
            return world.timeline.after(world.dice.length(.milliseconds(100) ... .seconds(5))) { [self] in publish() }
        }
        left -= 1
        published += 1
        let serial = world.oracle.events.count
        let body = Array(body(serial).utf8)
        var promise = world.routeBook.promise(of: body, reloads: world.circumstances.faults.contains(.routesReloaded))
        promise.body = body
        _ = world.oracle.add(promise)
        let message = broker.make(
            serial: serial,
            [("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")],
            body: body
        )
        world.timeline.after(world.dice.length(.microseconds(200) ... .milliseconds(50))) { [self] in
            // Otherwise it is never confirmed.
            guard broker.isUp, broker.exists(SimulatedBroker.conversions) else { return }
            world.oracle.confirmed(serial)
            broker.enqueue(message, to: SimulatedBroker.conversions)
        }
    }

    private func body(_ serial: Int) -> String {
        let dice = world.dice
        if dice.chance(0.02) { return "{\"id\": \"\(serial)\", \"publisher_id\": [1]}" }
        let publisher = dice.pick(["1", "1", "2", "2", "3", "3", "3", "4", "5", "6", "7", "8"])
        let click = dice.chance(0.05) ? "" : "\"click_id\": \"c\(serial)\", "
        let offer = dice.chance(0.8) ? "\"offer_id\": \"30\", " : ""
        let status = dice.pick(["approved", "approved", "rejected"])
        let filler = dice.chance(0.1) ? String(repeating: "x", count: dice.number(0...3000)) : ""
        return "{\"id\": \"event-\(serial)\", \"publisher_id\": \"\(publisher)\", \(click)\(offer)"
            + "\"status\": \"\(status)\", \"referrer\": \"\(filler)\", \"parameters\": {\"serial\": \"\(serial)\"}}"
    }
}
