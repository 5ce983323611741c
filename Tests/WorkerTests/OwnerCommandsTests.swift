import RabbitMQ
import Testing

@testable import Worker

@Suite struct OwnerCommandsTests {
    private func commands(
        prefix: String = "post.back",
        url: String = "amqp://us'er:secret@b/it%27s"
    ) throws -> OwnerCommands {
        let topology = Topology(prefix: prefix, rungs: [1, 2], logMaxAge: 86_400_000, logMaxBytes: 1_000_000)
        return OwnerCommands(topology: topology, url: try BrokerURL(parsing: url))
    }

    @Test func `Permissions name these objects alone, quoted for a shell, without the password`() throws {
        #expect(
            try commands().permit == [
                #"rabbitmqctl set_permissions -p 'it'\''s' 'us'\''er' '^post\.back(\.|$)' "#
                    + #"'^(post\.back(\.|$)|amq\.default$)' '^post\.back(\.|$)'"#
            ]
        )
    }

    @Test func `An argument that is not there can come from a policy`() throws {
        let answer = "inequivalent arg 'x-message-ttl' for queue: received '1000' but current is none"
        #expect(
            try commands(prefix: "p", url: "amqp://b").change("p.retry.1s", answer: answer) == [
                #"rabbitmqctl set_policy -p '/' --priority 10 --apply-to queues 'p-retry-1s' '^p\.retry\.1s$' "#
                    + #"'{"overflow":"reject-publish","message-ttl":1000,"dead-letter-exchange":"","#
                    + #""dead-letter-routing-key":"p.conversions","dead-letter-strategy":"at-least-once"}'"#
            ]
        )
    }

    @Test(arguments: [
        "inequivalent arg 'x-message-ttl' for queue: received '1000' but current is '5'",
        "inequivalent arg 'x-queue-type' for queue: received 'quorum' but current is none",
    ])
    func `Another argument, or another type, needs another queue, once it is empty`(answer: String) throws {
        let owner = try commands(prefix: "p", url: "amqp://b")
        #expect(
            owner.change("p.retry.1s", answer: answer)
                == [
                    #"rabbitmqctl -q list_queues -p '/' name messages | grep -Fx "$(printf 'p.retry.1s\t0')" "#
                        + "&& rabbitmqctl delete_queue -p '/' 'p.retry.1s'"
                ] + owner.create
        )
        #expect(owner.change("p", answer: answer) == [])
    }
}
