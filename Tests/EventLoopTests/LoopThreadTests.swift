import EventLoop
import Glibc
import Synchronization
import Testing

@Suite struct LoopThreadTests {
    @Test(arguments: [("lane-0", "lane-0"), ("a-name-of-24-bytes-is-cut", "a-name-of-24-by"), ("", "")])
    func `The thread bears its name, as far as the kernel keeps it`(name: String, kept: String) throws {
        let seen = Mutex("")
        // The name is set by whoever starts the thread, maybe after it began to run.
        let thread = try LoopThread(name: name) {
            let deadline = Clock.monotonic() + 60_000_000_000
            repeat {
                let name = threadName()
                seen.withLock { $0 = name }
            } while seen.withLock({ $0 }) != kept && Clock.monotonic() < deadline
        }
        thread.join()
        #expect(seen.withLock { $0 } == kept)
    }

    @Test func `join returns after the body, and the body is released with what it holds`() throws {
        final class Token: Sendable {}
        weak var remembered: Token?
        let done = Atomic(false)
        let started = Atomic(false)
        do {
            let token = Token()
            remembered = token
            let thread = try LoopThread(name: "worker") { [token] in
                started.store(true, ordering: .sequentiallyConsistent)
                withExtendedLifetime(token) { _ = usleep(20_000) }
                done.store(true, ordering: .sequentiallyConsistent)
            }
            thread.join()
        }
        let order = (started.load(ordering: .sequentiallyConsistent), done.load(ordering: .sequentiallyConsistent))
        #expect(order == (true, true))
        #expect(remembered == nil)
    }

    @Test func `Of 16 MiB of stack 8 can be used by deep recursion`() throws {
        let deepest = Atomic(0)
        let thread = try LoopThread(name: "deep") {
            deepest.store(descend(from: nil, bytes: 8 << 20), ordering: .relaxed)
        }
        thread.join()
        let used = deepest.load(ordering: .relaxed)
        #expect(used >= 8 << 20)
    }
}

/// The calling thread's name, from the kernel.
private func threadName() -> String {
    let file = open("/proc/thread-self/comm", O_RDONLY)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = max(0, read(file, &bytes, 32))
    return String(decoding: bytes[..<count].filter { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
}

/// Recurses, a kilobyte of stack at a time, until `bytes` lie between `start` (nil: here) and the deepest frame; returns
/// how many there were.
@inline(never)
private func descend(from start: Int?, bytes: Int) -> Int {
    withUnsafeTemporaryAllocation(byteCount: 1000, alignment: 8) { buffer in
        buffer.initializeMemory(as: UInt8.self, repeating: 7)
        let here = Int(bitPattern: buffer.baseAddress)
        let used = (start ?? here) - here
        if used >= bytes { return used }
        return descend(from: start ?? here, bytes: bytes) + Int(buffer[0]) - Int(buffer[999])
    }
}
