/// Collects the body that follows a head, as its bytes arrive.
struct BodyReader {
    /// Bytes of a body, without its chunk framing.
    static let limit = 1024 * 1024

    private enum Step {
        case size
        case data(Int)
        case trailer
    }

    private(set) var body: [UInt8] = []
    /// The first byte that has not been read; behind the body when `read` has returned true.
    private(set) var position: Int
    private let length: RequestHead.BodyLength
    private var step = Step.size

    init(_ length: RequestHead.BodyLength, from start: Int) {
        self.length = length
        position = start
    }

    /// Goes on in `bytes`, which have only grown since the last call. True when the body is complete.
    mutating func read(_ bytes: [UInt8]) throws(MalformedRequest) -> Bool {
        switch length {
        case .fixed(let count):
            guard bytes.count - position >= count else { return false }
            body = Array(bytes[position..<position + count])
            position += count
            return true
        case .chunked:
            return try readChunks(bytes)
        }
    }

    private mutating func readChunks(_ bytes: [UInt8]) throws(MalformedRequest) -> Bool {
        while true {
            switch step {
            case .size:
                guard let line = try takeLine(bytes) else { return false }
                let size = try Self.chunkSize(bytes[line])
                guard body.count + size <= Self.limit else {
                    throw MalformedRequest("a body of more than \(Self.limit) bytes", status: 413)
                }
                step = size == 0 ? .trailer : .data(size)
            case .data(let size):
                guard bytes.count - position >= size + 2 else { return false }
                body += bytes[position..<position + size]
                guard bytes[position + size] == UInt8(ascii: "\r"), bytes[position + size + 1] == UInt8(ascii: "\n")
                else { throw MalformedRequest("a chunk is longer than it said") }
                position += size + 2
                step = .size
            case .trailer:
                guard let line = try takeLine(bytes) else { return false }
                if line.isEmpty { return true }
            }
        }
    }

    private mutating func takeLine(_ bytes: [UInt8]) throws(MalformedRequest) -> Range<Int>? {
        guard let feed = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else {
            guard bytes.count - position <= 4096 else { throw MalformedRequest("a chunk line of more than 4096 bytes") }
            return nil
        }
        guard feed > position, bytes[feed - 1] == UInt8(ascii: "\r") else {
            throw MalformedRequest("a chunk line that does not end with CR LF")
        }
        defer { position = feed + 1 }
        return position..<feed - 1
    }

    private static func chunkSize(_ line: ArraySlice<UInt8>) throws(MalformedRequest) -> Int {
        let digits = line.prefix { $0 != UInt8(ascii: ";") }
        guard !digits.isEmpty, digits.count <= 8, digits.first != UInt8(ascii: "+"),
            let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), size >= 0
        else { throw MalformedRequest("a chunk size that is not a hexadecimal number") }
        return size
    }
}
