import Glibc

/// A file without a name, for readers that want a path; it goes with the process.
struct ScratchFile {
    private let descriptor: Int32

    init() {
        var name = Array("/tmp/postback-fuzz-XXXXXX\0".utf8CString)
        descriptor = mkstemp(&name)
        if descriptor < 0 { fatalError("no file in /tmp: \(String(cString: strerror(errno)))") }
        unlink(name)
    }

    var path: String { "/proc/self/fd/\(descriptor)" }

    func write(_ bytes: [UInt8]) {
        let written = ftruncate(descriptor, 0) == 0 ? pwrite(descriptor, bytes, bytes.count, 0) : -1
        if written != bytes.count { fatalError("the file takes nothing: \(String(cString: strerror(errno)))") }
    }
}
