import Foundation

/// A running `sample-tracker` with a port of its own.
package final class TrackerUnderTest: Sendable {
    package let port: UInt16
    private let process: ChildProcess

    /// One request as the tracker saw it.
    package struct Request: Sendable {
        /// When it was received, in seconds since 1970.
        package let time: Double
        package let method: String
        package let target: String
        package let path: String
        package let query: [String: String]
        /// Names in lower case.
        package let headers: [String: String]
        package let body: String
        /// The status that was sent; nil when no correct answer was.
        package let status: Int?
    }

    /// - Parameter port: 0 for a free one.
    package init(in folder: TestFolder, port: UInt16 = 0) throws {
        let log = "tracker-\(RandomName.make(4)).log"
        process = try ChildProcess(
            BuiltProduct.tracker,
            ["--listen", "127.0.0.1:\(port)"],
            output: folder.file(log),
            errors: folder.file(log)
        )
        var found: UInt16?
        let process = process
        try eventually("the tracker listens", state: { folder.read(log) }) {
            if let end = process.ended { throw TimedOut("the tracker ended with \(end): \(folder.read(log))") }
            let line = folder.read(log).split(separator: "\n").first { $0.hasPrefix("listening on ") }
            found = line?.split(separator: ":").last.flatMap { UInt16($0) }
            return found != nil
        }
        self.port = found ?? 0
    }

    package var origin: String { "http://127.0.0.1:\(port)" }

    package func stop() {
        process.signal(SIGTERM)
        if process.waitForEnd(within: 5) == nil { _ = process.kill() }
    }

    /// All requests in the order they came, or those whose path begins with `prefix`.
    package func requests(path prefix: String = "/") throws -> [Request] {
        let answer = try HTTPRequest.send(port: port, "/_requests?path=\(prefix)")
        return try answer.body.split(separator: UInt8(ascii: "\n")).map { try Request(Data($0)) }
    }

    /// How many requests have come.
    package func total() throws -> Int { try count()["total"] as? Int ?? 0 }

    /// How many came to each path.
    package func totalsByPath() throws -> [String: Int] { try count()["by_path"] as? [String: Int] ?? [:] }

    private func count() throws -> [String: Any] {
        let body = Data(try HTTPRequest.send(port: port, "/_count").body)
        return try JSONSerialization.jsonObject(with: body) as? [String: Any] ?? [:]
    }
}

extension TrackerUnderTest.Request {
    private struct Malformed: Error {}

    init(_ line: Data) throws {
        guard let object = try JSONSerialization.jsonObject(with: line) as? [String: Any],
            let time = object["time"] as? Int, let method = object["method"] as? String,
            let target = object["target"] as? String, let path = object["path"] as? String
        else { throw Malformed() }
        self.time = Double(time) / 1000
        self.method = method
        self.target = target
        self.path = path
        query = object["query"] as? [String: String] ?? [:]
        headers = object["headers"] as? [String: String] ?? [:]
        body = object["body"] as? String ?? ""
        status = object["status"] as? Int
    }

    /// The click id, by which tests tell their events apart.
    package var click: String { query["cid"] ?? "" }
}
