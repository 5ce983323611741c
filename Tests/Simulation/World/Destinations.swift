/// The hosts that the routes name, each with its mood.
final class Destinations {
    static let hosts = ["a", "b", "c", "d", "e", "f", "g", "h", "z"].map { "\($0).example.com" }

    private unowned let world: World
    private var moods: [Mood]

    init(_ world: World) {
        self.world = world
        moods = Self.hosts.map { _ in .well }
    }

    func setMood(_ host: Int, _ mood: Mood) {
        moods[host] = mood
        world.trace.note("mood", host, mood.rawValue, detail: "\(Self.hosts[host]) is \(mood)")
    }

    func behaviour(of host: String) -> Behaviour {
        guard let index = Self.hosts.firstIndex(of: host) else { return .answer(status: 200) }
        return moods[index].behaviour(world.dice)
    }

    /// Nanoseconds until a host has answered.
    func latency(of host: String) -> Int64 {
        guard let index = Self.hosts.firstIndex(of: host) else { return .milliseconds(1) }
        return moods[index] == .slow
            ? world.dice.length(.milliseconds(50) ... .seconds(4))
            : world.dice.length(.milliseconds(1) ... .milliseconds(120))
    }
}
