import Foundation
import Testing

@testable import HTTPTransport

@Suite struct LargePagesTests {
    private static let page: UInt = 1 << LargePages.pageBits
    private static let heap: UInt = 1 << LargePages.heapBits

    @Test func `A large page is asked for once, when what was allocated lies above it, and with others`() {
        var pages = LargePages()
        let base = 5 * Self.heap
        // Seven full ones and a beginning: not enough yet.
        for offset in stride(from: 0, to: 7 * Self.page + 100, by: 10_000) { #expect(pages.note(base + offset) == []) }
        let first = base / Self.page
        #expect(pages.note(base + 8 * Self.page) == Array(first..<first + 8))
        #expect(pages.note(base + 8 * Self.page) == [])
        #expect(pages.note(base + 16 * Self.page) == Array(first + 8..<first + 16))
        // What is freed and used again lower down is known.
        #expect(pages.note(base + 3 * Self.page) == [])
    }

    @Test func `Each piece of the allocator's memory begins anew, and never reaches into the next`() {
        var pages = LargePages()
        let most = Self.heap / Self.page - 1
        #expect(pages.note(2 * Self.heap - 1) == Array(most + 1..<2 * most + 1))
        #expect(pages.note(2 * Self.heap) == [])
        #expect(pages.note(2 * Self.heap + 8 * Self.page).first == 2 * Self.heap / Self.page)
    }

    @Test func `Asking changes nothing in memory, and is harmless where there is none`() throws {
        let count = 4 * Int(Self.page)
        var memory = [UInt8](repeating: 7, count: count)
        memory.withUnsafeBytes { bytes in
            let first = UInt(bitPattern: bytes.baseAddress) >> LargePages.pageBits
            LargePages.ask(for: Array(first..<first + 5) + [1])
            LargePages.ask(for: [])
        }
        memory[count / 2] = 8
        for index in stride(from: 0, to: count, by: 4096) { #expect(memory[index] == (index == count / 2 ? 8 : 7)) }
    }

    @Test func `Whoever runs the machine may forbid them`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "large-pages-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let settings = [
            "always [madvise] never": true, "[always] madvise never": true, "always madvise [never]": false, "": false,
        ]
        for (text, isPermitted) in settings {
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            #expect(LargePages.arePermitted(by: file) == isPermitted)
        }
        #expect(!LargePages.arePermitted(by: file + ".absent"))
    }
}
