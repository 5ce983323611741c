import Foundation

/// A folder that a test reads and writes, mostly one of its own; `remove` it at the end.
package struct TestFolder: Sendable {
    package let path: String

    /// - Parameter parent: an existing folder; nil for the system's.
    package init(in parent: String? = nil) throws {
        let parent = parent ?? FileManager.default.temporaryDirectory.path
        path = parent + "/postback-it-" + RandomName.make(8)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    /// A folder that is there, and stays when the test is over.
    package init(existing path: String) {
        self.path = path
    }

    package func file(_ name: String) -> String { path + "/" + name }

    /// Replaces the file at once, so that no reader sees half of it.
    package func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)), options: .atomic)
    }

    package func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)), options: .atomic)
    }

    /// Empty when there is no such file.
    package func read(_ name: String) -> String {
        String(decoding: FileManager.default.contents(atPath: file(name)) ?? Data(), as: UTF8.self)
    }

    package func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Names that no other test has.
package enum RandomName {
    package static func make(_ length: Int) -> String {
        String((0..<length).compactMap { _ in "abcdefghijkmnpqrstuvwxyz23456789".randomElement() })
    }
}
