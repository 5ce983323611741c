import Testing

@testable import RabbitMQ

/// CONTRACT section 4: names and arguments, to the letter. A change here is a 406 on every broker that has the old ones.
@Suite struct TopologyTests {
    private static let day: Int64 = 86_400_000
    private let topology = Topology(
        prefix: "postback",
        rungs: (0...16).map { 1 << $0 },
        logMaxAge: 7 * day,
        logMaxBytes: 2 << 30
    )

    private func arguments(_ queue: String) -> [String: FieldValue]? {
        topology.queues.first { $0.name == queue }
            .map { Dictionary($0.arguments.map { ($0.name, $0.value) }) { first, _ in first } }
    }

    @Test func `The names are those of the contract`() {
        let rungs = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536]
        let names =
            ["postback.dead-letters", "postback.conversions"] + rungs.map { "postback.retry.\($0)s" } + [
                "postback.pauses", "postback.deliveries",
            ]
        #expect(topology.queues.map(\.name) == names)
        #expect(topology.exchange == "postback")
        #expect(topology.conversions == "postback.conversions")
        #expect(topology.deadLetters == "postback.dead-letters")
        #expect(topology.deliveries == "postback.deliveries")
        #expect(topology.retry(seconds: 64) == "postback.retry.64s")
        #expect(topology.pauses == "postback.pauses")
        #expect(Topology.noticesKey == "notices")
        #expect(Topology.conversionsKey == "conversions")
        #expect(topology.bindings.contains(Topology.Binding(queue: "postback.conversions", key: "conversions")))
    }

    @Test func `Conversions: a quorum queue whose 20th failure goes to the dead letters at least once`() {
        #expect(
            arguments("postback.conversions") == [
                "x-queue-type": .text("quorum"), "x-delivery-limit": .integer(20),
                "x-overflow": .text("reject-publish"),
                "x-dead-letter-exchange": .text(""), "x-dead-letter-routing-key": .text("postback.dead-letters"),
                "x-dead-letter-strategy": .text("at-least-once"),
            ]
        )
    }

    @Test func `Dead letters: nothing ever leaves by itself`() {
        #expect(
            arguments("postback.dead-letters") == [
                "x-queue-type": .text("quorum"), "x-delivery-limit": .integer(1_000_000),
                "x-overflow": .text("reject-publish"),
            ]
        )
    }

    @Test(arguments: (0...16).map { Int64(1) << $0 })
    func `A rung holds a message for its seconds and gives it back at least once`(seconds: Int64) {
        #expect(
            arguments("postback.retry.\(seconds)s") == [
                "x-queue-type": .text("quorum"), "x-message-ttl": .integer(seconds * 1000),
                "x-overflow": .text("reject-publish"),
                "x-dead-letter-exchange": .text(""), "x-dead-letter-routing-key": .text("postback.conversions"),
                "x-dead-letter-strategy": .text("at-least-once"),
            ]
        )
    }

    @Test(
        arguments: [
            (7 * day, "7D"), (day, "1D"), (36 * 3_600_000, "36h"), (3_600_000, "1h"), (90 * 60_000, "90m"),
            (90_000, "90s"), (999, "1s"),
        ] as [(Int64, String)]
    )
    func `The delivery log is a stream of bounded age and size`(age: Int64, text: String) {
        let topology = Topology(prefix: "p", rungs: [], logMaxAge: age, logMaxBytes: 12_345)
        #expect(topology.queues.map(\.name) == ["p.dead-letters", "p.conversions", "p.pauses", "p.deliveries"])
        #expect(
            topology.queues.last?.arguments.sorted { $0.name < $1.name } == [
                TableEntry("x-max-age", .text(text)), TableEntry("x-max-length-bytes", .integer(12_345)),
                TableEntry("x-queue-type", .text("stream")),
                TableEntry("x-stream-max-segment-size-bytes", .integer(100_000_000)),
            ]
        )
    }

    @Test func `Another prefix renames everything, targets of dead letters included`() {
        let topology = Topology(prefix: "eu-west", rungs: [1], logMaxAge: 1000, logMaxBytes: 1)
        for queue in topology.queues {
            #expect(queue.name.hasPrefix("eu-west."))
            #expect(!queue.purpose.isEmpty)
            for case .text(let text) in queue.arguments.map(\.value) { #expect(!text.contains("postback")) }
        }
    }
}
