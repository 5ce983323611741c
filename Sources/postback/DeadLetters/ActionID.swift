import Delivery
import Routing

/// The name of a replay or discard, such as `20261126T081500Z-4f2a`.
enum ActionID {
    static func make() -> String {
        let time = Timestamp.text(ExplanationContext.wallTime).prefix(19).filter { $0 != "-" && $0 != ":" }
        let random = String(UInt16.random(in: 0 ... .max), radix: 16)
        return "\(time)Z-\(String(repeating: "0", count: 4 - random.count))\(random)"
    }
}
