import Foundation
import Settings
import Worker

/// The destinations with an open breaker, a pause or a queue, as the worker at the configured admin endpoint has them.
struct DestinationsInTrouble: Encodable {
    /// Where was asked; nil when the configuration has no admin endpoint.
    let askedAt: String?
    /// nil when nobody answered.
    let list: [DestinationReport]?

    private struct Answer: Decodable {
        let destinations: [DestinationReport]
    }

    enum CodingKeys: String, CodingKey {
        case askedAt = "asked_at"
        case list
    }

    init(_ settings: AdminSettings) {
        guard let address = settings.address, address.port != 0 else {
            askedAt = nil
            list = nil
            return
        }
        askedAt = settings.listen
        // A worker that listens on all interfaces is asked on the loopback one.
        let host = ["0.0.0.0": "127.0.0.1", "::": "::1"][address.host] ?? address.host
        let data = AdminClient.get("/destinations", host: host, port: UInt16(address.port))
        list = data.flatMap { try? JSONDecoder().decode(Answer.self, from: $0) }?.destinations
    }

    func print() {
        guard let askedAt else {
            return Console.talk("destinations are not known: the configuration has no admin endpoint with a fixed port")
        }
        guard let list else { return Console.talk("destinations are not known: no worker answers at \(askedAt)") }
        let shown = list.filter { $0.breaker != "closed" || $0.pausedFor != nil || $0.waiting > 0 }
        for report in shown.prefix(20) { Console.print("\(report.host)  \(Self.state(of: report))") }
        if shown.count > 20 { Console.print("and \(shown.count - 20) more destinations") }
    }

    private static func state(of report: DestinationReport) -> String {
        var parts: [String] = []
        switch report.breaker {
        case "open":
            let probe = report.opensIn.map { "probe in \($0) s" } ?? "the next delivery is a probe"
            parts.append(Console.red("breaker open") + ", \(probe)")
        case "half_open": parts.append(Console.red("breaker half-open"))
        default: break
        }
        if let pause = report.pausedFor { parts.append("asked for a pause of \(pause) s more") }
        parts.append("\(report.inFlight) of \(report.limit) under way")
        if report.waiting > 0 { parts.append("\(report.waiting) wait") }
        if report.parked > 0 { parts.append("about \(report.parked) parked") }
        return parts.joined(separator: ", ")
    }
}
