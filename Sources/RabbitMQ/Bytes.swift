internal import CRabbitMQ

extension amqp_bytes_t {
    /// The bytes where they are; valid as long as the library's buffer.
    var buffer: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: bytes, count: len) }

    /// A copy as text; bytes that are not UTF-8 become replacement characters.
    var text: String { unsafe String(decoding: buffer, as: UTF8.self) }
}

/// Memory for the names and values of one call into librabbitmq, which wants pointers that live until it returns.
/// Reused from call to call. Confined to the thread of its connection.
@safe final class CallArena {
    private var chunks: [UnsafeMutableRawBufferPointer]
    private var used = 0

    init() {
        unsafe chunks = unsafe [.allocate(byteCount: 16 << 10, alignment: 16)]
    }

    deinit {
        unsafe chunks.forEach { unsafe $0.deallocate() }
    }

    /// Forgets everything given out so far.
    func reset() {
        unsafe chunks.dropFirst().forEach { unsafe $0.deallocate() }
        unsafe chunks.removeLast(chunks.count - 1)
        used = 0
    }

    private func allocate(_ count: Int) -> UnsafeMutableRawPointer? {
        let aligned = (count + 15) & ~15
        if unsafe used + aligned > chunks[0].count {
            let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: aligned, alignment: 16)
            unsafe chunks.append(chunk)
            return chunk.baseAddress
        }
        defer { used += aligned }
        return unsafe chunks[0].baseAddress.map { unsafe $0 + used }
    }

    func bytes(_ source: [UInt8]) -> amqp_bytes_t {
        unsafe source.withUnsafeBytes { unsafe copy($0) }
    }

    func bytes(_ text: String) -> amqp_bytes_t {
        var text = text
        return text.withUTF8 { unsafe copy(UnsafeRawBufferPointer($0)) }
    }

    private func copy(_ source: UnsafeRawBufferPointer) -> amqp_bytes_t {
        guard source.count > 0, let target = unsafe allocate(source.count), let start = source.baseAddress else {
            return unsafe amqp_empty_bytes
        }
        unsafe target.copyMemory(from: start, byteCount: source.count)
        return unsafe amqp_bytes_t(len: source.count, bytes: target)
    }

    func table(_ entries: [amqp_table_entry_t]) -> amqp_table_t {
        guard unsafe !entries.isEmpty,
            let memory = unsafe allocate(entries.count * MemoryLayout<amqp_table_entry_t>.stride)
        else {
            return unsafe amqp_empty_table
        }
        let start = unsafe memory.bindMemory(to: amqp_table_entry_t.self, capacity: entries.count)
        unsafe start.initialize(from: entries, count: entries.count)
        return unsafe amqp_table_t(num_entries: Int32(entries.count), entries: start)
    }
}
