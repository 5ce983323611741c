import Foundation

/// Data goes to stdout, talk to stderr; colour only on a terminal, and never with NO_COLOR.
enum Console {
    static let isInteractive = isatty(STDERR_FILENO) != 0

    private static let hasColour: Bool = {
        let isRefused = ProcessInfo.processInfo.environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        return isatty(STDOUT_FILENO) != 0 && !isRefused
    }()

    /// Data.
    static func print(_ text: String) {
        write(text + "\n", to: STDOUT_FILENO)
    }

    /// Talk.
    static func talk(_ text: String) {
        write(text + "\n", to: STDERR_FILENO)
    }

    /// Replaces the current line of a terminal; nothing elsewhere.
    static func progress(_ text: String) {
        if isInteractive { write("\r\u{1B}[K" + text, to: STDERR_FILENO) }
    }

    static func bold(_ text: String) -> String { hasColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
    static func red(_ text: String) -> String { hasColour ? "\u{1B}[31m\(text)\u{1B}[0m" : text }

    /// One value as JSON, keys in order.
    static func print(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// A reader that went away (`| head`) ends the output, not the command's work. Data that cannot be written for another
    /// reason (a full disk) would be missed: that ends the command with code 1.
    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count <= 0 {
                let reason = errno
                if descriptor == STDERR_FILENO || reason == EPIPE { return }
                talk("postback: the output cannot be written: \(String(cString: strerror(reason)))")
                endProcess(withCode: CommandFailure.failed)
            }
            bytes = bytes.dropFirst(count)
        }
    }
}
