/// Section `broker`: where RabbitMQ is and how much it hands out.
package struct BrokerSettings: Sendable, Equatable {
    /// What to do about exchanges and queues at the start.
    package enum Topology: String, Sendable, CaseIterable {
        /// Make what is missing.
        case declare
        /// Only look whether all is there.
        case verify
        /// Take it as given.
        case skip
    }

    /// One or more, tried in turn; each begins with `amqp://` or `amqps://` and is not checked further here. They hold
    /// passwords: never show them.
    package var urls = ["amqp://guest:guest@127.0.0.1:5672/%2f"]
    /// Unacknowledged messages at a time, 1 to 65535 (a 16-bit field of basic.qos).
    package var prefetch = 1000
    /// What to do about exchanges and queues at the start.
    package var topology = Topology.declare
    /// For those of ``urls`` that begin with `amqps://`.
    package var tls = TLSSettings()

    /// All defaults.
    package init() {}

    mutating func read(_ section: SettingsSection) {
        section.read("url", .brokerURLs, into: &urls)
        section.read("prefetch", .integer(in: 1...65_535), into: &prefetch)
        section.read("topology", .choice, into: &topology)
        tls.read(section.section("tls"))
    }
}

extension SettingKind where Value == [String] {
    /// One URL or a list of them. Their text is never shown: it holds a password.
    fileprivate static var brokerURLs: Self {
        let one = SettingKind<String>("a URL that begins with amqp:// or amqps://") { value in
            if let text = value.text, isBrokerURL(text) { return text }
            value.refuseHiding(mustBe: "a URL that begins with amqp:// or amqps:// and holds no blanks")
            return nil
        }
        let many = list(
            of: one,
            count: 1...16,
            called: "a URL that begins with amqp:// or amqps://, or a list of 1 to 16"
        )
        return Self(many.allowed, spelling: .commaSeparated) { value in
            value.text == nil ? many.convert(value) : one.convert(value).map { [$0] }
        }
    }

    private static func isBrokerURL(_ text: String) -> Bool {
        guard let scheme = ["amqp://", "amqps://"].first(where: { text.lowercased().hasPrefix($0) }) else {
            return false
        }
        return text.utf8.count > scheme.utf8.count
            && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
    }
}
