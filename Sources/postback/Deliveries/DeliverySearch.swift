import Conversion
import Foundation
import RabbitMQ
import Worker

/// Reads the delivery log from a point in time to its end, or on and on, and gives every record that fits to its caller,
/// oldest first. A reader of its own: it takes nothing away from anybody.
final class DeliverySearch {
    private let options: LaneOptions
    private let filter: DeliveryFilter
    private let needles: [[UInt8]]
    /// What was recorded after this time ends the search.
    private let until: Int64?
    private let follows: Bool
    private let decoder = JSONDecoder()
    private(set) var scanned = 0
    private(set) var unreadable = 0
    private var lastProgress = Date.distantPast
    private let started = Date()
    /// Progress would tear what goes to the same terminal.
    private let showsProgress: Bool

    /// Clocks of workers and of the broker may differ by so many milliseconds, and a record waits in a worker before it
    /// is written.
    private static let clockSlack: Int64 = 120_000

    init(_ options: LaneOptions, _ filter: DeliveryFilter, follows: Bool, showsProgress: Bool) {
        self.options = options
        self.filter = filter
        self.follows = follows
        self.showsProgress = showsProgress
        needles = filter.needles
        until = filter.until.map { $0.milliseconds + Self.clockSlack }
    }

    /// - Parameter take: gets each record and its bytes; false ends the search.
    func run(_ take: (LoggedDelivery, [UInt8]) throws -> Bool) throws {
        defer { if showsProgress { Console.progress("") } }
        let url = try reachable()
        let last = follows ? nil : try end(at: url)
        if !follows, last == nil { return }
        var start: StreamReader.Start = follows ? .next : .first
        if let since = filter.since { start = .time(milliseconds: since.milliseconds - Self.clockSlack) }
        var silence = 0
        var reader = try open(url, from: start)
        defer { reader.close() }
        var next: UInt64?
        while !Interruption.isRequested {
            let records: [StreamReader.Record]
            do throws(AMQPError) {
                records = try reader.next(waiting: follows ? 500 : 250)
            } catch {
                guard follows else {
                    throw CommandFailure(CommandFailure.noBroker, "the delivery log could not be read on: \(error)")
                }
                guard let again = reopen(after: error, from: next.map { .offset($0) } ?? start) else { return }
                reader = again
                continue
            }
            for record in records {
                scanned += 1
                next = record.offset + 1
                if let last, record.offset > last { return }
                if try !offer(record.body, take) { return }
                if let last, record.offset == last { return }
            }
            progress()
            if follows { continue }
            silence = records.isEmpty ? silence + 1 : 0
            if silence > 120 {
                throw CommandFailure(
                    CommandFailure.noBroker,
                    "the broker sent no record for 30 s; the search is not whole"
                )
            }
        }
    }

    /// - Returns: false when the search is over.
    private func offer(_ body: [UInt8], _ take: (LoggedDelivery, [UInt8]) throws -> Bool) throws -> Bool {
        for needle in needles where !body.holds(needle) { return true }
        guard let record = try? decoder.decode(LoggedDelivery.self, from: Data(body)) else {
            unreadable += 1
            return true
        }
        if let until, let at = try? RFC3339.milliseconds(Array(record.at.utf8).span), at > until { return false }
        return filter.matches(record) ? try take(record, body) : true
    }

    private func reachable() throws(CommandFailure) -> BrokerURL {
        var reasons: [String] = []
        for url in options.urls {
            do throws(AMQPError) {
                let admin = try BrokerAdmin(url, tls: options.tls, name: "postback deliveries")
                admin.close()
                return url
            } catch {
                reasons.append("\(error)")
            }
        }
        throw CommandFailure(CommandFailure.noBroker, "no broker: " + reasons.joined(separator: "; "))
    }

    private func end(at url: BrokerURL) throws(CommandFailure) -> UInt64? {
        do throws(AMQPError) {
            return try StreamReader.lastOffset(
                of: options.topology.deliveries,
                at: url,
                tls: options.tls,
                name: "postback deliveries"
            )
        } catch {
            throw failure(error)
        }
    }

    private func open(_ url: BrokerURL, from start: StreamReader.Start) throws(CommandFailure) -> StreamReader {
        do throws(AMQPError) {
            return try StreamReader(
                url,
                tls: options.tls,
                name: "postback deliveries",
                stream: options.topology.deliveries,
                from: start,
                prefetch: 5000
            )
        } catch {
            throw failure(error)
        }
    }

    /// For who follows: waits for a broker that went away, and goes on where it was.
    /// - Returns: nil when the person does not want to wait.
    private func reopen(after error: AMQPError, from start: StreamReader.Start) -> StreamReader? {
        Console.talk("the broker is away (\(error)); waiting for it")
        while !Interruption.isRequested {
            for url in options.urls {
                if let reader = try? open(url, from: start) {
                    Console.talk("the broker is back")
                    return reader
                }
            }
            usleep(500_000)
        }
        return nil
    }

    private func failure(_ error: AMQPError) -> CommandFailure {
        if error.kind == .closed(code: 404) {
            return CommandFailure(
                CommandFailure.failed,
                "there is no stream \(options.topology.deliveries); `postback topology declare` creates it"
            )
        }
        return CommandFailure(CommandFailure.noBroker, error.description)
    }

    private func progress() {
        guard showsProgress, Date().timeIntervalSince(lastProgress) > 0.2 else { return }
        lastProgress = Date()
        let rate = Double(scanned) / max(0.001, Date().timeIntervalSince(started))
        Console.progress("\(scanned) records read, \(Int(rate))/s")
    }
}

extension [UInt8] {
    /// Whether these bytes stand somewhere in it.
    fileprivate func holds(_ needle: [UInt8]) -> Bool {
        guard let last = needle.last, needle.count <= count else { return needle.isEmpty }
        return withUnsafeBufferPointer { haystack in
            var end = needle.count - 1
            while end < haystack.count {
                if haystack[end] == last, haystack[(end + 1 - needle.count)...end].elementsEqual(needle) { return true }
                end += 1
            }
            return false
        }
    }
}
