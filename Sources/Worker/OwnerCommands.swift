import RabbitMQ

/// What whoever owns the broker types, where the worker's user may not create or change its objects. Everything is
/// quoted for a POSIX shell.
struct OwnerCommands {
    let topology: Topology
    /// Of the broker that was looked at.
    let url: BrokerURL?

    private var vhost: String { Self.quoted(url?.vhost ?? "/") }

    /// Creates what is missing; what exists stays as it is.
    var create: [String] {
        [
            "postback topology print --definitions >postback-definitions.json",
            "rabbitmqctl import_definitions postback-definitions.json",
        ]
    }

    /// Lets the user work with these objects and no others. It takes the place of the permissions that the user had.
    var permit: [String] {
        let own = Self.pattern(topology.prefix) + #"(\.|$)"#
        // Retries, dead letters and what the broker moves by itself go through the default exchange.
        let write = #"^(\#(own)|amq\.default$)"#
        let arguments = ["^\(own)", write, "^\(own)"].map(Self.quoted).joined(separator: " ")
        return ["rabbitmqctl set_permissions -p \(vhost) \(Self.quoted(url?.user ?? "guest")) \(arguments)"]
    }

    /// Mends an object that exists with other arguments.
    ///
    /// - Parameter answer: the broker's, which names the argument that differs and what it is now.
    func change(_ object: String, answer: String) -> [String] {
        guard let queue = topology.queues.first(where: { $0.name == object }) else {
            return []
        }
        // A policy supplies what a queue has no argument for; against an argument it does not help.
        if answer.contains("current is none"), !answer.contains("x-queue-type") {
            let policy = queue.arguments.filter { $0.name != "x-queue-type" }
                .map { "\(Self.json(String($0.name.dropFirst(2)))):\(Self.json($0.value))" }.joined(separator: ",")
            let name = Self.quoted(object.replacing(".", with: "-"))
            return [
                "rabbitmqctl set_policy -p \(vhost) --priority 10 --apply-to queues \(name) "
                    + "\(Self.quoted("^\(Self.pattern(object))$")) \(Self.quoted("{\(policy)}"))"
            ]
        }
        // A quorum queue knows no --if-empty, so it is looked at first.
        let empty = Self.quoted("\(object)\\t0")
        return [
            "rabbitmqctl -q list_queues -p \(vhost) name messages | grep -Fx \"$(printf \(empty))\" "
                + "&& rabbitmqctl delete_queue -p \(vhost) \(Self.quoted(object))"
        ] + create
    }

    /// A name as a regular expression that matches it alone; names hold letters, digits, `.`, `_` and `-`.
    private static func pattern(_ name: String) -> String { name.replacing(".", with: #"\."#) }

    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: #"'\''"#) + "'"
    }

    private static func json(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    private static func json(_ value: FieldValue) -> String {
        switch value {
        case .text(let text): json(text)
        case .bytes(let bytes): json(String(decoding: bytes, as: UTF8.self))
        case .integer(let number): String(number)
        case .boolean(let flag): String(flag)
        case .timestamp(let seconds): String(seconds)
        case .table(let entries):
            "{" + entries.map { "\(json($0.name)):\(json($0.value))" }.joined(separator: ",") + "}"
        }
    }
}
