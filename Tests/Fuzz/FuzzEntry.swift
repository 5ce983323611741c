import Foundation

/// What libFuzzer calls. The target is named by POSTBACK_FUZZ_TARGET: one program for all, because each would take a
/// minute to link.
private let target: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["POSTBACK_FUZZ_TARGET"] ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
        let known = FuzzTarget.allCases.map(\.rawValue).joined(separator: " ")
        fatalError("POSTBACK_FUZZ_TARGET is \"\(name)\"; there are: \(known)")
    }
    return target
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    target.feed(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
