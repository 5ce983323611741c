import Foundation

/// Why a command ends with another code than 0 (CONTRACT section 6).
struct CommandFailure: Error {
    static let failed: Int32 = 1
    static let usage: Int32 = 2
    static let noBroker: Int32 = 3

    let code: Int32
    /// For stderr; empty when everything was said already.
    let message: String

    init(_ code: Int32, _ message: String = "") {
        self.code = code
        self.message = message
    }
}

/// Ends the process.
func endProcess(withCode code: Int32) -> Never {
    Foundation.exit(code)
}
