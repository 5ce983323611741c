/// Milliseconds as people say them: the two largest units, `1h 31m`, `45s`, `250ms`.
package enum DurationText {
    package static func text(_ milliseconds: Int64) -> String {
        if milliseconds < 0 { return "-" + text(0 - max(milliseconds, -Int64.max)) }
        if milliseconds < 1_000 { return "\(milliseconds)ms" }
        let units: [(name: String, length: Int64)] = [
            ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
        ]
        for (unit, next) in zip(units, units.dropFirst()) where milliseconds >= unit.length {
            let rest = milliseconds % unit.length / next.length
            return rest == 0
                ? "\(milliseconds / unit.length)\(unit.name)"
                : "\(milliseconds / unit.length)\(unit.name) \(rest)\(next.name)"
        }
        return "\(milliseconds)ms"
    }
}
