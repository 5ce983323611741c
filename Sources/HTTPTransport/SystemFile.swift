// Types of the system belong to whichever C module the compiler met first, so all of them are imported.
internal import CCares
internal import CCurl
internal import CShims
internal import Glibc

/// A file of the system's that may be replaced while the program runs.
final class SystemFile {
    let path: String
    private var seen: [Int]?

    init(_ path: String) {
        self.path = path
        seen = Self.signature(of: path)
    }

    /// Whether it is there and another one than at the last call.
    func hasChanged() -> Bool {
        guard let signature = Self.signature(of: path), signature != seen else { return false }
        seen = signature
        return true
    }

    /// Nil when it cannot be looked at.
    private static func signature(of path: String) -> [Int]? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return [
            Int(status.st_dev), Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
        ]
    }
}
