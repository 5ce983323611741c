import Glibc
import Logging
import Testing

@testable import Telemetry

/// These replace the standard error of a process of their own.
@Suite("Standard error")
struct LogOutputTests {
    @Test("gets one write per line, and the first set-up counts")
    func oneWritePerLine() async {
        await #expect(processExitsWith: .success) {
            // A datagram socket keeps the writes apart.
            var ends: [Int32] = [0, 0]
            socketpair(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0, &ends)
            dup2(ends[1], STDERR_FILENO)
            let isFirst = LogSystem.bootstrap(level: .warning, format: .json)
            let isSecond = LogSystem.bootstrap(level: .trace, format: .text)
            guard isFirst, !isSecond else { exit(2) }
            let log = Logger(label: "test")
            log.info("too quiet")
            log.warning("one\ntwo")
            log.error("three", metadata: ["long": "\(String(repeating: "x", count: 9000))"])
            func read() -> String {
                var buffer = [UInt8](repeating: 0, count: 65536)
                let count = recv(ends[0], &buffer, buffer.count, Int32(MSG_DONTWAIT))
                return String(decoding: buffer[..<max(0, count)], as: UTF8.self)
            }
            let (first, second, third) = (read(), read(), read())
            guard first.hasPrefix("{\"time\":\""), first.hasSuffix(#""message":"one\ntwo"}"# + "\n") else { exit(3) }
            guard second.hasSuffix("xxx\"}\n"), second.utf8.count > 9000, third.isEmpty else { exit(4) }
            exit(0)
        }
    }

    @Test("that nobody reads costs lines, not deliveries")
    func stuckReader() async {
        await #expect(processExitsWith: .success) {
            var ends: [Int32] = [0, 0]
            pipe(&ends)
            dup2(ends[1], STDERR_FILENO)
            let output = LogOutput.standardError
            let line = [UInt8](repeating: UInt8(ascii: "x"), count: 999) + [UInt8(ascii: "\n")]
            // A pipe takes 64 KiB.
            for _ in 0..<200 { output.write(line) }
            guard LogOutput.droppedLines > 100 else { exit(2) }
            var buffer = [UInt8](repeating: 0, count: 1 << 20)
            let taken = read(ends[0], &buffer, buffer.count)
            guard taken > 0, taken % 1000 == 0, UInt64(taken / 1000) + LogOutput.droppedLines == 200 else { exit(3) }
            output.write(line)
            guard read(ends[0], &buffer, buffer.count) == 1000 else { exit(4) }
            exit(0)
        }
    }
}
