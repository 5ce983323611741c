import Glibc

/// `postback.yaml` of a test: keys with their section, values as YAML writes them.
package struct Configuration: Sendable {
    private var values: [String: String]

    /// For a private broker and a tracker on this machine, with short delays that do not vary. Without breakers: here
    /// one tracker is many, and some of them fail on purpose.
    package init(broker: String, prefix: String) {
        values = [
            "broker.url": "\"\(broker)\"",
            "names.prefix": prefix,
            "admin.listen": "\"127.0.0.1:0\"",
            "egress.allow_private": "true",
            "egress.ports": "[\"1-65535\"]",
            "breaker.failures": "0",
            "breaker.share": "0",
            "retry.first_delay": "1s",
            "retry.factor": "1",
            "retry.jitter": "0",
            "shutdown.drain": "60s",
            // Nothing is too slow here but what a test makes so.
            "dispatch.timeout": "60s",
        ]
        // The thread sanitizer's run: more than one lane finds what one cannot.
        if let lanes = getenv("POSTBACK_TEST_LANES") { values["dispatch.lanes"] = String(cString: lanes) }
    }

    /// Such as `configuration["retry.attempts"] = "3"`; nil leaves the key out.
    package subscript(_ key: String) -> String? {
        get { values[key] }
        set { values[key] = newValue }
    }

    package var text: String {
        var sections: [String: [String]] = [:]
        for (key, value) in values {
            let parts = key.split(separator: ".", maxSplits: 1)
            guard parts.count == 2 else { continue }
            sections[String(parts[0]), default: []].append("\(parts[1]): \(value)")
        }
        return sections.keys.sorted()
            .map { "\($0): { \((sections[$0] ?? []).sorted().joined(separator: ", ")) }\n" }.joined()
    }
}
