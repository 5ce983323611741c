import Documents
internal import Glibc

/// A file read whole as UTF-8 text.
enum TextFile {
    /// Bytes. Ten times the largest route file planned for (300,000 routes, some 60 MB): what is larger is not a
    /// configuration but a mistake, such as a device or a core dump.
    static let largest = 1 << 30

    /// False when there is no such file. A file that is there but cannot be read counts as there: reading it tells why.
    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0 || errno != ENOENT
    }

    /// The text of the file, without a byte order mark.
    static func read(_ path: String) throws(FaultyDocument) -> String {
        let bytes = try bytes(of: path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let fault = Fault(
                file: path,
                position: positionOfBadByte(in: bytes),
                "is not UTF-8 text from here on",
                hint: "save the file as UTF-8"
            )
            throw FaultyDocument([fault])
        }
        return text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    }

    private static func bytes(of path: String) throws(FaultyDocument) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw unreadable(path, errno) }
        defer { close(descriptor) }
        return try bytes(descriptor, path)
    }

    /// What is left to read of an open file.
    static func bytes(_ descriptor: Int32, _ path: String) throws(FaultyDocument) -> [UInt8] {
        var status = stat()
        // A good guess at the length saves growing the array; pipes and /proc say 0.
        let expected = fstat(descriptor, &status) == 0 ? min(Int(status.st_size), largest) : 0
        var bytes: [UInt8] = []
        bytes.reserveCapacity(expected + 1)
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw unreadable(path, errno) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk.prefix(count))
            if bytes.count > largest {
                throw tooLarge(path)
            }
        }
    }

    static func tooLarge(_ path: String) -> FaultyDocument {
        FaultyDocument([Fault(file: path, "is larger than 1 GiB and was not read")])
    }

    static func unreadable(_ path: String, _ code: Int32) -> FaultyDocument {
        let reason = code == EISDIR ? "it is a folder" : String(cString: strerror(code))
        return FaultyDocument([Fault(file: path, "cannot be read: \(reason)")])
    }

    private static func positionOfBadByte(in bytes: [UInt8]) -> SourcePosition {
        // Repairing turns the first bad byte into U+FFFD; the scalars before it are those of the file.
        var line = 1
        var column = 1
        var index = 0
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            let encoded = UTF8.encode(scalar).map(Array.init) ?? []
            guard bytes.dropFirst(index).starts(with: encoded) else { break }
            index += encoded.count
            column += 1
            if scalar == "\n" {
                line += 1
                column = 1
            }
        }
        return SourcePosition(line: line, column: column)
    }
}
