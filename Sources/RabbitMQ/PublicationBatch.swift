internal import DequeModule

/// Publications as frames, one after another in one buffer, so that many go out in one system call. Pure: requests in,
/// bytes out; whoever sends them says how many the socket took.
struct PublicationBatch {
    private(set) var bytes: [UInt8] = []
    /// How many of them are sent.
    private(set) var sent = 0
    private struct Message {
        let request: PublishRequest
        /// Where its properties stand.
        let properties: Range<Int>
        /// Where it ends.
        let end: Int
    }

    /// What is not sent whole, oldest first.
    private var open: Deque<Message> = []
    /// The end of the last message that is sent whole.
    private var boundary = 0
    private let largestFrame: Int

    /// Enough for a system call: a batch that has so many bytes takes no more.
    static let fullSize = 64 << 10
    /// What a broker may add to a message's properties before it must fit a frame again.
    private static let margin = 4096

    /// - Parameter largestFrame: in bytes, as agreed with the broker.
    init(largestFrame: Int) {
        self.largestFrame = largestFrame
    }

    /// Messages that are not sent whole.
    var count: Int { open.count }
    var isEmpty: Bool { open.isEmpty }
    var isFull: Bool { bytes.count >= Self.fullSize }
    /// A message is sent in part: nothing else may be written now.
    var isWithinMessage: Bool { sent > boundary }

    /// Appends a message.
    /// - Parameter publishID: the tag it will have.
    /// - Returns: nil, or why it can never be sent; then nothing was appended.
    mutating func append(_ request: PublishRequest, publishID: UInt64) -> String? {
        if request.exchange.utf8.count > 255 || request.routingKey.utf8.count > 255 {
            return "exchange or key over 255 bytes"
        }
        let start = bytes.count
        // basic.publish (60, 40), mandatory (section 1.8.3.7).
        let method = bytes.beginFrame(.method)
        bytes.append(contentsOf: [0, 60, 0, 40, 0, 0])
        bytes.appendShortString(request.exchange)
        bytes.appendShortString(request.routingKey)
        bytes.append(1)
        bytes.endFrame(method)

        let header = bytes.beginFrame(.header)
        bytes.append(contentsOf: [0, 60, 0, 0])
        bytes.appendNumber(UInt64(request.body.count))
        let properties = bytes.count
        PropertyWriter(request: request, publishID: publishID).write(to: &bytes)
        let propertiesEnd = bytes.count
        bytes.endFrame(header)
        let headerBytes = bytes.count - header
        if headerBytes > largestFrame - min(Self.margin, largestFrame / 2) {
            bytes.removeSubrange(start...)
            return "\(headerBytes) bytes of headers"
        }

        let room = largestFrame - Frame.overhead
        for part in stride(from: 0, to: request.body.count, by: room) {
            let end = min(part + room, request.body.count)
            _ = bytes.beginFrame(.body, size: end - part)
            bytes.append(contentsOf: request.body[part..<end])
            bytes.append(Frame.end)
        }
        open.append(Message(request: request, properties: properties..<propertiesEnd, end: bytes.count))
        return nil
    }

    /// The socket took so many more bytes.
    /// - Parameter whole: called with the token of each message that is sent whole by it.
    mutating func took(_ count: Int, _ whole: (UInt64) -> Void) {
        sent += count
        while let first = open.first, first.end <= sent {
            boundary = first.end
            whole(first.request.token)
            open.removeFirst()
        }
        if open.isEmpty {
            // A large body's room is given back.
            bytes.removeAll(keepingCapacity: bytes.capacity <= 4 * Self.fullSize)
            sent = 0
            boundary = 0
        }
    }

    /// The oldest that is not sent whole, and its encoded properties: for whoever cannot send `bytes`.
    var first: (request: PublishRequest, properties: ArraySlice<UInt8>)? {
        open.first.map { ($0.request, bytes[$0.properties]) }
    }

    /// The first was sent some other way.
    mutating func tookFirst(_ whole: (UInt64) -> Void) {
        if let first = open.first { took(first.end - sent, whole) }
    }

    /// The connection is gone: what the broker cannot have, oldest first.
    mutating func takeBack() -> [PublishRequest] {
        defer { self = PublicationBatch(largestFrame: largestFrame) }
        return open.map { $0.request }
    }
}
