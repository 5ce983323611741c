import Glibc

/// A small AMQP 0-9-1 client for tests, written from the specification alone: what the worker's own client gets wrong
/// must not be got wrong here in the same way. One channel, blocking, every call bounded.
package final class AMQPConnection {
    package struct Failure: Error, CustomStringConvertible {
        /// The broker's reply code, such as 404; 0 for none.
        package let code: UInt16
        package let description: String
    }

    struct Frame {
        let type: UInt8
        let channel: UInt16
        let payload: [UInt8]
    }

    static let frameMax = 131_072
    private let descriptor: Int32
    private var received: [UInt8] = []
    private var position = 0
    private var isChannelOpen = false

    /// Connects as guest to this machine.
    package init(port: UInt16, vhost: String = "/") throws {
        descriptor = try Socket.connect(port: port, patience: 30)
        try Socket.send(Array("AMQP".utf8) + [0, 0, 9, 1], to: descriptor)
        _ = try expect(10, 10)
        try sendMethod(0, 10, 11) { writer in
            writer.table([AMQPField("product", .text("postback tests"))])
            writer.shortText("PLAIN")
            writer.longBytes(Array("\0guest\0guest".utf8))
            writer.shortText("en_US")
        }
        _ = try expect(10, 30)
        try sendMethod(0, 10, 31) { writer in
            writer.number(UInt16(16))
            writer.number(UInt32(Self.frameMax))
            writer.number(UInt16(0))
        }
        try sendMethod(0, 10, 40) { writer in
            writer.shortText(vhost)
            writer.shortText("")
            writer.number(UInt8(0))
        }
        _ = try expect(10, 41)
    }

    deinit {
        close(descriptor)
    }

    // MARK: Frames

    func send(_ bytes: [UInt8]) throws {
        try Socket.send(bytes, to: descriptor)
    }

    private func need(_ count: Int) throws {
        while received.count - position < count {
            if position > 1 << 20 {
                received.removeFirst(position)
                position = 0
            }
            let piece = try Socket.receive(from: descriptor)
            if piece.isEmpty { throw Failure(code: 0, description: "the broker closed the connection") }
            received += piece
        }
    }

    func nextFrame() throws -> Frame {
        while true {
            try need(7)
            var head = AMQPReader(Array(received[position..<(position + 7)]))
            let type: UInt8 = try head.number()
            let channel: UInt16 = try head.number()
            let size = Int(try head.number(UInt32.self))
            try need(7 + size + 1)
            let payload = Array(received[(position + 7)..<(position + 7 + size)])
            position += size + 8
            if position == received.count {
                received.removeAll(keepingCapacity: true)
                position = 0
            }
            if type != 8 { return Frame(type: type, channel: channel, payload: payload) }
        }
    }

    /// The next method, which must be this one.
    /// - Returns: its arguments.
    func expect(_ classID: UInt16, _ methodID: UInt16) throws -> AMQPReader {
        let (found, reader) = try nextMethod()
        if found != (classID, methodID) {
            throw Failure(code: 0, description: "method \(found) came in place of \((classID, methodID))")
        }
        return reader
    }

    /// The next method; one that closes the channel or the connection is thrown.
    func nextMethod() throws -> ((UInt16, UInt16), AMQPReader) {
        let frame = try nextFrame()
        guard frame.type == 1 else { throw Failure(code: 0, description: "frame \(frame.type) out of turn") }
        var reader = AMQPReader(frame.payload)
        let id: (UInt16, UInt16) = (try reader.number(), try reader.number())
        if id == (20, 40) || id == (10, 50) {
            let code: UInt16 = try reader.number()
            let text = try reader.shortText()
            isChannelOpen = false
            if id == (20, 40) { try sendMethod(1, 20, 41) { _ in } }
            throw Failure(code: code, description: "\(code) \(text)")
        }
        return (id, reader)
    }

    static func method(
        _ channel: UInt16,
        _ classID: UInt16,
        _ methodID: UInt16,
        _ arguments: (inout AMQPWriter) -> Void
    ) -> [UInt8] {
        var writer = AMQPWriter()
        writer.number(classID)
        writer.number(methodID)
        arguments(&writer)
        return AMQPWriter.frame(1, channel: channel, writer.bytes)
    }

    private func sendMethod(
        _ channel: UInt16,
        _ classID: UInt16,
        _ methodID: UInt16,
        _ arguments: (inout AMQPWriter) -> Void
    ) throws {
        try send(Self.method(channel, classID, methodID, arguments))
    }

    /// One request and its answer on the channel, which is opened when it is not.
    func call(
        _ classID: UInt16,
        _ methodID: UInt16,
        answer: UInt16,
        _ arguments: (inout AMQPWriter) -> Void
    ) throws -> AMQPReader {
        try openChannel()
        try sendMethod(1, classID, methodID, arguments)
        return try expect(classID, answer)
    }

    /// In confirm mode from the start.
    func openChannel() throws {
        if isChannelOpen { return }
        isChannelOpen = true
        try sendMethod(1, 20, 10) { $0.shortText("") }
        _ = try expect(20, 11)
        try sendMethod(1, 85, 10) { $0.number(UInt8(0)) }
        _ = try expect(85, 11)
        published = 0
        unconfirmed = []
    }

    // MARK: Confirms

    /// The tag of the message that was published last.
    var published: UInt64 = 0
    var unconfirmed: Set<UInt64> = []
}
