import Foundation

/// Reads a file, or standard input, line by line without holding it whole.
final class LineReader {
    struct Line {
        /// Counts from 1.
        let number: Int
        /// Without its end, LF or CRLF.
        let bytes: [UInt8]
    }

    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var position = 0
    private var number = 0
    private var isAtEnd = false

    /// - Parameter path: `-` is standard input. Nil when the file cannot be opened.
    init?(path: String) {
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { return nil }
    }

    deinit {
        if descriptor != STDIN_FILENO { close(descriptor) }
    }

    func next() -> Line? {
        var searched = position
        while true {
            if let end = buffer[searched...].firstIndex(of: 0x0A) {
                defer { position = end + 1 }
                return line(buffer[position..<end])
            }
            searched = buffer.count
            if isAtEnd {
                guard position < buffer.count else { return nil }
                defer { position = buffer.count }
                return line(buffer[position...])
            }
            let shift = position
            fill()
            searched -= shift
        }
    }

    private func line(_ bytes: ArraySlice<UInt8>) -> Line {
        number += 1
        return Line(number: number, bytes: Array(bytes.last == 0x0D ? bytes.dropLast() : bytes))
    }

    private func fill() {
        buffer.removeFirst(position)
        position = 0
        let start = buffer.count
        let step = 1 << 17
        buffer.append(contentsOf: repeatElement(0, count: step))
        var count = -1
        repeat {
            count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress.map { $0 + start }, step) }
        } while count < 0 && errno == EINTR
        buffer.removeLast(step - max(0, count))
        isAtEnd = count <= 0
    }
}
