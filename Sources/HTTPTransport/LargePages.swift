// Types of the system belong to whichever C module the compiler met first, so all of them are imported.
internal import CCares
internal import CCurl
internal import CShims
internal import EventLoop
internal import Glibc

/// Has the kernel put large pages (2 MiB) under memory that is used all over.
///
/// Ten thousand requests under way lie on 50,000 pages of 4 KiB, and the processor keeps the places of some 2,000: when
/// an answer comes, nearly each of its hundred touches has its place looked up again. Large pages take a sixth off what
/// such a delivery costs. The allocator asks for none by itself, and the kernel, left alone, for ten minutes or never.
///
/// Only advice, given by address: nothing is read or written here, memory that has been freed meanwhile is refused, and
/// where the kernel has no large pages all stays as it is. Confined to the loop's thread.
struct LargePages {
    static let pageBits: UInt = 21
    /// glibc's allocator takes memory for threads in pieces of 64 MiB, aligned, and fills them from below.
    static let heapBits: UInt = 26
    /// As many are asked for at a time: with each call the kernel empties all processors' lists first.
    static let batch = 8
    /// `MADV_COLLAPSE` of Linux 6.1; others refuse it.
    private static let collapse: Int32 = 25

    /// By piece of memory, the first large page that is not yet full, or not yet seen.
    private var reached: [UInt: UInt] = [:]
    private var waiting: [UInt] = []

    /// The memory at `address` is in use, and what lies below it in the same piece.
    /// - Returns: the numbers of large pages to ask for now, mostly none.
    mutating func note(_ address: UInt) -> [UInt] {
        let page = address >> Self.pageBits
        let heap = address >> Self.heapBits
        let first = reached[heap] ?? heap << (Self.heapBits - Self.pageBits)
        if page <= first { return [] }
        // The one that it lies in is still being filled.
        waiting += first..<page
        reached[heap] = page
        if waiting.count < Self.batch { return [] }
        defer { waiting = [] }
        return waiting
    }

    /// Asks for them, on a thread that ends with it: a call may take some milliseconds, in which the others go on.
    /// Nothing is told of a refusal (madvise(2)) or of a thread that cannot be had: the memory serves as it is.
    static func ask(for pages: [UInt]) {
        if pages.isEmpty { return }
        _ = try? LoopThread(name: "large-pages") {
            for page in pages {
                unsafe madvise(UnsafeMutableRawPointer(bitPattern: page << pageBits), 1 << pageBits, collapse)
            }
        }
    }

    /// Whether this kernel has any, and whoever runs the machine has not forbidden them.
    static let arePermitted = arePermitted(by: "/sys/kernel/mm/transparent_hugepage/enabled")

    /// - Parameter settings: a file such as `always [madvise] never`.
    static func arePermitted(by settings: String) -> Bool {
        let descriptor = unsafe open(settings, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var text = [UInt8](repeating: 0, count: 64)
        let count = unsafe read(descriptor, &text, text.count)
        return count > 0 && !String(decoding: text.prefix(count), as: UTF8.self).contains("[never]")
    }
}
