import HTTPTransport
import RabbitMQ
import Routing
import Settings
import Telemetry

/// A lane's own end of the delivery log: gathers records in one buffer and hands it over whole. Confined to the lane's
/// thread; never waits.
final class LaneLog {
    private let log: DeliveryLog
    private let metrics: PostbackMetrics
    private let mask: SecretMask
    private var writer: RecordWriter
    private var batch: StreamBatch
    /// Monotonic nanoseconds at which the batch goes out, full or not; nil while it is empty.
    private(set) var due: Int64?
    /// By the lane's number of a destination.
    private var destinations: [(host: [UInt8], origin: [UInt8])] = []
    /// By the number of a postback in `table`; 0 for one that was not looked at yet.
    private var masking: [UInt8] = []
    private var table: RouteTable?

    /// A batch goes out when it has so many records or bytes, or is so old.
    private static let batchRecords = 64
    private static let batchBytes = 56 << 10
    private static let batchAge: Int64 = 20_000_000
    private static let batchCapacity = 64 << 10

    init(_ log: DeliveryLog, metrics: PostbackMetrics, mask: SecretMask) {
        self.log = log
        self.metrics = metrics
        self.mask = mask
        writer = RecordWriter(replica: log.replica)
        batch = StreamBatch(stream: log.stream, capacity: Self.batchCapacity)
    }

    /// Whether every attempt is told, or only those that failed.
    var keepsAll: Bool { log.mode == .all }

    /// Adds a record.
    func add(_ record: borrowing DeliveryRecord, _ message: InboundMessage, now: Int64) {
        if log.writer.isFull {
            metrics.dropDeliveryRecords()
            return
        }
        batch.begin()
        guard writer.write(record, message, into: &batch.bytes) else {
            batch.abandon()
            metrics.dropDeliveryRecords()
            return
        }
        if !batch.end(seconds: record.at / 1000) { metrics.dropDeliveryRecords() }
        if due == nil { due = now + Self.batchAge }
    }

    /// Hands over what is due; once a turn.
    func handOver(now: Int64, force: Bool = false) {
        guard let due else { return }
        guard force || now >= due || batch.count >= Self.batchRecords || batch.bytes.count >= Self.batchBytes else {
            return
        }
        self.due = nil
        if batch.isEmpty { return }
        log.writer.offer(batch)
        batch = StreamBatch(stream: log.stream, capacity: Self.batchCapacity)
    }

    // MARK: URLs

    /// Host and origin of a postback's destination, by the lane's number of it.
    func destination(_ number: Int, of postback: Postback) -> (host: [UInt8], origin: [UInt8]) {
        if number >= 0, number < destinations.count, !destinations[number].host.isEmpty { return destinations[number] }
        let destination = postback.destination
        let entry = (Array(destination.host.utf8), Array(destination.origin.utf8))
        if number >= 0 {
            while destinations.count <= number { destinations.append(([], [])) }
            destinations[number] = entry
        }
        return entry
    }

    /// What it takes to tell the URL of a postback.
    enum Masking: UInt8 {
        /// It is told as it was sent: no parameter is secret by its name.
        case none = 1
        /// Parameters are masked by their names.
        case byName
        /// Values were computed with a secret, or a redirect may lead elsewhere: it is rendered again.
        case rendered
    }

    /// Decided once per postback of a table.
    func masking(of postback: Postback, _ routes: RouteTable) -> Masking {
        guard postback.isOf(routes) else { return masking(of: postback) }
        if table.map({ postback.isOf($0) }) != true {
            table = routes
            masking = Array(repeating: 0, count: routes.postbackTotal)
        }
        let number = postback.tableIndex
        guard number < masking.count else { return masking(of: postback) }
        if let known = Masking(rawValue: masking[number]) { return known }
        let found = masking(of: postback)
        masking[number] = found.rawValue
        return found
    }

    /// When other routes take the place of those before.
    func forgetRoutes() {
        table = nil
        masking = []
    }

    private func masking(of postback: Postback) -> Masking {
        if postback.redirects > 0 || postback.usesSecretsInTarget { return .rendered }
        let template = postback.templateText
        return mask.url(template) != template || Self.hasTokenInName(Array(template.utf8)) ? .byName : .none
    }

    /// Whether a token stands in a parameter's name: then only the rendered text tells what the name is.
    static func hasTokenInName(_ template: [UInt8]) -> Bool {
        var isInName = false
        for byte in template {
            switch byte {
            case UInt8(ascii: "?"), UInt8(ascii: "&"), UInt8(ascii: ";"), UInt8(ascii: "#"): isInName = true
            case UInt8(ascii: "="): isInName = false
            case UInt8(ascii: "{"): if isInName { return true }
            default: break
            }
        }
        return false
    }

    /// Whether a rendered target may hold a URL or form of its own within a value, with secrets in it.
    static func mayHoldSecret(_ target: [UInt8]) -> Bool {
        target.withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count {
                if index &+ 8 <= bytes.count {
                    // Most words hold neither. A byte that is one of the two has its high bit set in a term.
                    let word = UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped + index)
                        .loadUnaligned(as: UInt64.self)
                    let ones: UInt64 = 0x0101_0101_0101_0101
                    let found = ((word ^ ones &* 0x40) &- ones) | ((word ^ ones &* 0x25) &- ones) | word
                    if found & (ones &* 0x80) == 0 {
                        index &+= 8
                        continue
                    }
                }
                let byte = bytes[index]
                if byte == UInt8(ascii: "@") { return true }
                if byte == UInt8(ascii: "%"), index + 2 < bytes.count {
                    let code = (bytes[index + 1], bytes[index + 2] | 0x20)
                    // %40, %3D, and %25 that may hide either.
                    if code == (0x34, 0x30) || code == (0x33, 0x64) || code == (0x32, 0x35) { return true }
                }
                index += 1
            }
            return false
        }
    }

    func masked(_ url: [UInt8]) -> [UInt8] { mask.url(url) }
}
