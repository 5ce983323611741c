import Glibc

/// What keeps the tracker from working, said to a person.
struct TrackerError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// A failed system call: what was tried, and the system's reason for `code`.
    init(_ attempt: String, code: Int32) {
        description = "\(attempt): \(String(cString: strerror(code)))"
    }
}
