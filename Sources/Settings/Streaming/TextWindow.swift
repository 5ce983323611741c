import Documents
internal import Glibc

/// A text file of which only a stretch is held: what was read is let go when more is wanted.
struct TextWindow: ~Copyable {
    /// Why a file cannot be read this way.
    enum Stop: Error {
        /// It cannot be read at all.
        case unreadable(FaultyDocument)
        /// It is no regular file, was changed meanwhile, or holds bytes that are no UTF-8 or characters that YAML does not
        /// allow or has rules of its own for. Whoever reads it whole finds out what there is to tell.
        case unfit
        /// What comes next is no usual form; see ``EntryScanner``.
        case unusual
    }

    private(set) var bytes: [UInt8] = []
    var place = TextPlace()
    /// Whether nothing comes behind ``bytes``. They end with a line feed then.
    private(set) var isComplete = false
    /// Of the file's bytes, how many lie before ``bytes``.
    private(set) var base = 0

    private let path: String
    private let descriptor: Int32
    private var chunk: [UInt8]
    /// Size and time of the file when it was opened.
    private let identity: [Int]
    /// How far ``bytes`` were checked.
    private var checked = 0

    /// How much is read at a time at least, in bytes.
    static let usualStep = 1 << 18

    /// - Throws: also where there is no regular file: a pipe cannot be read twice.
    init(path: String, step: Int = usualStep) throws(Stop) {
        self.path = path
        chunk = [UInt8](repeating: 0, count: max(1, step))
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            descriptor = -1
            identity = []
            throw .unfit
        }
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        identity = descriptor < 0 ? [] : Self.identity(of: descriptor)
        if descriptor < 0 { throw .unreadable(TextFile.unreadable(path, errno)) }
        bytes.reserveCapacity(chunk.count * 2)
        try refill()
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            // A byte order mark is no part of the text.
            bytes.removeFirst(3)
            base = 3
        }
        try check()
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Lets go of what lies before ``place`` and reads on: at least as much as is held, so that an entry of any length
    /// is scanned a few times only.
    mutating func refill() throws(Stop) {
        if isComplete { throw .unusual }
        base += place.index
        bytes.removeFirst(place.index)
        checked -= place.index
        place.lineStart -= place.index
        place.index = 0
        let wanted = max(chunk.count, bytes.count)
        var added = 0
        while added < wanted {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw .unreadable(TextFile.unreadable(path, errno)) }
            if count == 0 {
                // What was read in pieces must be one state of the file.
                if !isCurrent { throw .unfit }
                isComplete = true
                if bytes.last != 0x0A { bytes.append(0x0A) }
                break
            }
            bytes.append(contentsOf: chunk[..<count])
            added += count
            if base + bytes.count > TextFile.largest { throw .unreadable(TextFile.tooLarge(path)) }
        }
        // A byte order mark is taken off first.
        if base > 0 || bytes.first != 0xEF { try check() }
    }

    /// Whether the file is as it was.
    private var isCurrent: Bool { Self.identity(of: descriptor) == identity }

    /// The part of the file that lies before ``place``, 0 to 1.
    var share: Double {
        identity.isEmpty || identity[0] == 0 ? 1 : min(1, Double(base + place.index) / Double(identity[0]))
    }

    /// All bytes of the file, also those that were let go; nil when it is not as it was.
    func readAgain() -> [UInt8]? {
        guard isCurrent, lseek(descriptor, 0, SEEK_SET) == 0, let bytes = try? TextFile.bytes(descriptor, path),
            isCurrent
        else { return nil }
        return bytes
    }

    /// Size and time of the file.
    private static func identity(of descriptor: Int32) -> [Int] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return [] }
        return [Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    }

    /// Looks at what was added: only tabs and line ends among the control characters, and of the others only those that
    /// are nothing but text to YAML.
    private mutating func check() throws(Stop) {
        let count = bytes.count
        var index = checked
        while index < count {
            let byte = bytes[index]
            if byte < 0x80 {
                if byte < 0x20 ? byte != 0x0A && byte != 0x0D && byte != 0x09 : byte == 0x7F { throw .unfit }
                index += 1
                continue
            }
            let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            if index + length > count {
                if isComplete { throw .unfit }
                break
            }
            guard Self.isText(bytes[index], bytes[index + 1], length > 2 ? bytes[index + 2] : 0x80, length),
                length < 4 || bytes[index + 3] & 0xC0 == 0x80
            else { throw .unfit }
            index += length
        }
        checked = index
    }

    /// RFC 3629, without C1 controls, line and paragraph separators, private use, byte order mark and non-characters.
    private static func isText(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ length: Int) -> Bool {
        guard second & 0xC0 == 0x80, third & 0xC0 == 0x80 else { return false }
        switch first {
        case 0xC2: return second >= 0xA0
        case 0xC3...0xDF: return true
        case 0xE0: return second >= 0xA0
        case 0xE2: return second != 0x80 || (third != 0xA8 && third != 0xA9)
        case 0xE1, 0xE3...0xEC: return true
        case 0xED: return second < 0xA0
        case 0xF0: return second >= 0x90
        case 0xF1, 0xF2: return true
        default: return false
        }
    }
}
