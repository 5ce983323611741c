// usage: PurePathBenchmark STAGE COUNT
//
// Takes COUNT conversions along the pure path up to STAGE: decode, resolve, render or settle, each with what comes
// before; or decodes large ones. `Tests/Benchmarks/run --pure-path` counts its instructions. No clock, no socket, no chance: one run is like
// the other.

let words = CommandLine.arguments
guard words.count == 3, let stage = Stage(rawValue: words[1]), let count = Int(words[2]), count > 0 else {
    fatalError("usage: PurePathBenchmark decode|large|resolve|render|settle COUNT")
}
var path = try PurePath()
try path.take(count, upTo: stage)
// Whoever looks at nothing of what was made lets the compiler leave it out.
print(stage.rawValue, path.checksum)
