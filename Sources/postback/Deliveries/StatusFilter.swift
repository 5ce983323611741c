import ArgumentParser

/// `--status 404`, `--status 5xx`, `--status 500-503`: the status of an answer.
struct StatusFilter: ExpressibleByArgument {
    let range: ClosedRange<Int>

    init?(argument: String) {
        let text = argument.lowercased()
        if text.count == 3, text.hasSuffix("xx"), let digit = text.first?.wholeNumberValue, (1...9).contains(digit) {
            range = digit * 100...digit * 100 + 99
            return
        }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = parts.first ?? nil, let last = parts.last ?? nil, parts.count <= 2, 100...999 ~= first,
            first <= last, last <= 999
        else { return nil }
        range = first...last
    }

    func matches(_ status: Int?) -> Bool { status.map { range.contains($0) } ?? false }
}
