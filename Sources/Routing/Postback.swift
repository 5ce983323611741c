package import Documents

/// One postback of one publisher: where it goes, how it is sent, and the templates to fill.
///
/// A number in the table's store, so a million of them cost no objects. It keeps the table it came from alive: a
/// delivery in flight ends by the routes it began with.
package struct Postback: Sendable, Hashable {
    let store: RouteStore
    let number: UInt32

    package static func == (left: Self, right: Self) -> Bool {
        left.store === right.store && left.number == right.number
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(number)
    }

    /// The route key, `PUBLISHER/global/NAME`, `PUBLISHER/offers/ID/NAME` or `PUBLISHER/smartlinks/ID/NAME`: visible
    /// ASCII, a `/`, `%` or other byte of an id as `%XX`. Made at each call; the hot path uses ``appendKey(to:)``.
    package var key: String { String(decoding: keyBytes, as: UTF8.self) }

    /// The route key's bytes; made at each call.
    package var keyBytes: [UInt8] { store.key(of: Int(number)) }

    /// Appends the route key.
    package func appendKey(to buffer: inout [UInt8]) {
        store.appendKey(of: Int(number), to: &buffer)
    }

    /// Its name within its scope; `default` when the routes give none.
    package var name: String {
        String(decoding: store.names.bytes(of: Int(record.name)), as: UTF8.self)
    }

    package var scope: RouteScope { store.scope(of: record) }

    /// The number of its path and query, unfilled, among its table's templates: those that read the same share it.
    package var targetNumber: Int { Int(record.target.value) }

    /// Index into the table's `destinations`.
    package var destinationIndex: Int { Int(record.destination) }

    package var destination: Destination { store.destinations[Int(record.destination)] }

    package var method: Method { settings.method }

    /// The time-out of an attempt, 100 ms to 60 s; nil for the worker's own.
    package var timeout: Milliseconds? { settings.timeout }

    /// Milliseconds from the conversion's arrival to the first attempt; nil for none.
    package var delay: Int64? { settings.delay?.value }

    /// Milliseconds after `occurred_at` from which on it is not sent any more, 1 s to 365 d; nil for no limit.
    package var maxAge: Int64? { settings.maxAge?.value }

    /// What it sets in place of the worker's own retry settings; nil for nothing.
    package var retry: RetryOverrides? { settings.retry }

    /// How many redirects are followed, 0 to 10.
    package var redirects: Int { settings.redirects }

    /// Whether HTTP/2 may be used, over TLS.
    package var usesHTTP2: Bool { settings.usesHTTP2 }

    /// How its answers are judged before their status is; nil when the status alone decides.
    package var answerRules: AnswerRules? { settings.answers }

    /// The whole URL with its tokens unfilled, in `{{}}` whatever syntax it was written in, secrets by name and those that a tracker asks for as `***`; scheme and host in lower case, a default port left out.
    package var templateText: String {
        destination.origin + String(decoding: store.templates.maskedText(of: record.target), as: UTF8.self)
    }

    var record: RouteStore.Record { store.records[Int(number)] }
    var signature: Signature? { settings.signature }
    var settings: PostbackSettings { store.settings[Int(record.settings)] }
}
