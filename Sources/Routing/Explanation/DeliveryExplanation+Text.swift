extension DeliveryExplanation {
    /// Everything about one delivery.
    func lines(routesFile: String) -> [String] {
        var lines = [headline(routesFile)]
        if let request { lines += request.lines.map { $0.isEmpty ? $0 : "  \($0)" } }
        lines += [""] + settingLines
        if obstacle == nil { lines.append("  retries: \(retryText)") }
        return lines
    }

    private func headline(_ routesFile: String) -> String {
        let place = line.map { " (\(routesFile):\($0))" } ?? ""
        if let obstacle {
            return "\(route)\(place) would not be sent, but dead-lettered: \(obstacle.reason)\n  \(obstacle.text)"
        }
        let wait = delay > 0 ? "after a delay of \(DurationText.text(delay))" : "at once"
        return "\(route)\(place) would be sent \(wait)"
    }

    /// What somebody set, or has a value; the rest in one line.
    private var settingLines: [String] {
        let shown = settings.filter { setting in
            setting.key.hasPrefix("retry.") ? setting.origin == .postback : isTelling(setting)
        }
        let rows = shown.map { [$0.key, $0.origin.text, Self.shortened($0.value ?? "")] }
        let table = TextTable.lines(rows).split(separator: "\n").map(String.init)
        let unset = settings.filter { $0.value == nil }.map(\.key)
        return table + (unset.isEmpty ? [] : ["  not set: \(unset.joined(separator: ", "))"])
    }

    private func isTelling(_ setting: SettingExplanation) -> Bool {
        setting.value != nil && (setting.origin != .usual || ["method", "success"].contains(setting.key))
    }

    /// `12 attempts; after 5s, 20s, 1m 5s; then exhausted`.
    private var retryText: String {
        if retry.offsets.isEmpty { return "none; the first failure is a dead letter (\(retry.end))" }
        let shown = retry.offsets.prefix(12).map(DurationText.text)
        let more = retry.offsets.count > shown.count ? ", ... \(DurationText.text(retry.offsets.last ?? 0))" : ""
        let jitter = retry.jitter > 0 ? " (each wait ±\(Int((retry.jitter * 100).rounded()))%)" : ""
        return "after \(shown.joined(separator: ", "))\(more)\(jitter); then a dead letter (\(retry.end))"
    }

    private static func shortened(_ text: String) -> String {
        let line = PrintableText.line(text)
        return line.count <= 300 ? line : line.prefix(300) + "..."
    }
}

extension RequestPreview {
    /// Request line, headers and body as they would go out, the URL whole.
    package var lines: [String] {
        var lines = ["\(method) \(url) \(version)"]
        lines += headers.map { "\($0.name): \($0.value)" }
        if let body, !body.isEmpty {
            lines += [""] + PrintableText.lines(body)
            while lines.last?.isEmpty == true { lines.removeLast() }
        }
        return lines.map { PrintableText.line($0) }
    }
}
