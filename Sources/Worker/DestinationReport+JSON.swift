internal import Foundation

extension DestinationReport {
    /// `{"destinations":[...]}`, the worst first, at most a hundred. For the admin endpoint, off the hot path.
    static func json(_ reports: [DestinationReport]) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let sorted = reports.enumerated().sorted {
            ($0.element.breaker == "closed" ? 1 : 0, $0.offset) < ($1.element.breaker == "closed" ? 1 : 0, $1.offset)
        }
        let shown = sorted.prefix(100).map(\.element)
        return (try? encoder.encode(["destinations": shown])).map { Array($0) } ?? []
    }
}
