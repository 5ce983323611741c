/// A body too large to be kept: made piece by piece as the client takes it.
struct GeneratedBody {
    enum Source {
        /// So many bytes of filling.
        case filling(remaining: Int)
        /// The journal's requests as NDJSON, of the sequence numbers `next..<end` with a path that begins with `prefix`.
        case requests(journal: Journal, next: Int, end: Int, prefix: [UInt8])
    }

    private static let pieceSize = 64 * 1024

    private var source: Source
    private let isChunked: Bool
    private var isOver = false

    init(_ source: Source, isChunked: Bool) {
        self.source = source
        self.isChunked = isChunked
    }

    /// Appends the next piece to `output`. False when there is none any more.
    mutating func write(to output: inout [UInt8]) -> Bool {
        guard !isOver else { return false }
        let piece = nextPiece()
        isOver = piece.isEmpty
        guard isChunked else {
            output += piece
            return !piece.isEmpty
        }
        // The chunk of no bytes is the end of the body.
        output += String(piece.count, radix: 16).utf8
        output += "\r\n".utf8
        output += piece
        output += "\r\n".utf8
        return true
    }

    private mutating func nextPiece() -> [UInt8] {
        switch source {
        case .filling(let remaining):
            let count = min(remaining, Self.pieceSize)
            source = .filling(remaining: remaining - count)
            return [UInt8](repeating: UInt8(ascii: "x"), count: count)
        case .requests(let journal, var next, let end, let prefix):
            var json = JSONText()
            while json.bytes.count < Self.pieceSize, let found = journal.request(from: next), found.sequence < end {
                next = found.sequence + 1
                guard found.request.headBytes[found.request.head.path].starts(with: prefix) else { continue }
                found.request.write(to: &json)
                json.raw("\n")
            }
            source = .requests(journal: journal, next: next, end: end, prefix: prefix)
            return json.bytes
        }
    }
}
