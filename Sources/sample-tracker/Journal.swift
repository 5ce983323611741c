/// The last requests, kept as the bytes that came (about 400 bytes each) and turned into JSON only when asked for.
final class Journal {
    private struct Entry {
        let time: Int64
        let connection: UInt64
        let number: Int32
        let status: Int16
        let start: Int32
        let headCount: Int32
        let bodyCount: Int32
    }

    private struct Segment {
        let firstSequence: Int
        var entries: [Entry] = []
        var bytes: [UInt8] = []
    }

    /// The most requests and the most bytes that are kept; the oldest go first, a segment at a time.
    static let requestLimit = 1_000_000
    static let byteLimit = 512 * 1024 * 1024
    private static let segmentSize = 1024 * 1024

    private var segments: [Segment] = []
    private var kept = 0
    private var keptBytes = 0
    /// The sequence number of the next request; it goes on after `removeAll`, so that a listing under way stays right.
    private(set) var end = 0
    private(set) var dropped = 0

    /// The sequence number of the oldest request that is kept.
    var first: Int { segments.first?.firstSequence ?? end }

    func append(_ request: RecordedRequest) {
        let size = request.headBytes.count + request.body.count
        if segments.isEmpty || segments[segments.count - 1].bytes.count + size > Self.segmentSize {
            var segment = Segment(firstSequence: end)
            segment.bytes.reserveCapacity(max(Self.segmentSize, size))
            segments.append(segment)
        }
        let last = segments.count - 1
        segments[last].entries.append(
            Entry(
                time: request.time,
                connection: request.connection,
                number: Int32(clamping: request.number),
                status: Int16(request.status ?? 0),
                start: Int32(segments[last].bytes.count),
                headCount: Int32(request.headBytes.count),
                bodyCount: Int32(request.body.count)
            )
        )
        segments[last].bytes += request.headBytes
        segments[last].bytes += request.body
        end += 1
        kept += 1
        keptBytes += size
        while segments.count > 1, kept > Self.requestLimit || keptBytes > Self.byteLimit {
            let oldest = segments.removeFirst()
            kept -= oldest.entries.count
            keptBytes -= oldest.bytes.count
            dropped += oldest.entries.count
        }
    }

    func removeAll() {
        segments = []
        kept = 0
        keptBytes = 0
        dropped = 0
    }

    /// The request with this sequence number, or the oldest after it, with its own number; nil behind the last one.
    func request(from sequence: Int) -> (sequence: Int, request: RecordedRequest)? {
        let sequence = max(sequence, first)
        guard sequence < end else { return nil }
        var low = 0
        var high = segments.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if segments[middle].firstSequence <= sequence { low = middle } else { high = middle }
        }
        let segment = segments[low]
        let entry = segment.entries[sequence - segment.firstSequence]
        let bodyStart = Int(entry.start) + Int(entry.headCount)
        let headBytes = Array(segment.bytes[Int(entry.start)..<bodyStart])
        // It was parsed when it came, so it can be parsed again.
        guard let head = try? HeadParser.parse(headBytes) else { return nil }
        return (
            sequence,
            RecordedRequest(
                time: entry.time,
                connection: entry.connection,
                number: Int(entry.number),
                status: entry.status == 0 ? nil : Int(entry.status),
                headBytes: headBytes,
                head: head,
                body: segment.bytes[bodyStart..<bodyStart + Int(entry.bodyCount)]
            )
        )
    }
}
