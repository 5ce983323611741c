/// The name of one postback: `PUBLISHER/global/NAME`, `PUBLISHER/offers/ID/NAME` or `PUBLISHER/smartlinks/ID/NAME`.
///
/// An id may hold anything, but the key travels in headers and is cut at its slashes: a slash, a percent sign and
/// every byte that is not visible ASCII are written `%XX`.
struct RouteKey: Equatable {
    var publisher: [UInt8]
    var scope: RouteScope
    /// The offer's or smartlink's id; empty for global.
    var id: [UInt8]
    var name: [UInt8]

    init(publisher: [UInt8], scope: RouteScope, id: [UInt8], name: [UInt8]) {
        self.publisher = publisher
        self.scope = scope
        self.id = id
        self.name = name
    }

    /// nil when `key` is not a route key.
    init?(parsing key: [UInt8]) {
        let parts = key.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count >= 3, let publisher = Self.decode(parts[0]) else { return nil }
        if parts.count == 3, parts[1].elementsEqual("global".utf8), let name = Self.decode(parts[2]) {
            self.init(publisher: publisher, scope: .global, id: [], name: name)
            return
        }
        guard parts.count == 4, let id = Self.decode(parts[2]), let name = Self.decode(parts[3]) else { return nil }
        for scope in [RouteScope.offer, .smartlink] where parts[1].elementsEqual(scope.word.utf8) {
            self.init(publisher: publisher, scope: scope, id: id, name: name)
            return
        }
        return nil
    }

    static func append(
        publisher: ArraySlice<UInt8>,
        scope: RouteScope,
        id: ArraySlice<UInt8>,
        name: ArraySlice<UInt8>,
        to buffer: inout [UInt8]
    ) {
        let word =
            switch scope {
            case .global: globalWord
            case .offer: offerWord
            case .smartlink: smartlinkWord
            }
        // The room is asked for once: every delivery's key is made here.
        let most = 3 * (publisher.count + id.count) + word.count + 1 + name.count
        buffer.append(addingCapacity: most) { (out: inout OutputSpan<UInt8>) in
            encode(publisher.span, to: &out)
            ValueEncoding.plain(word.span, into: &out)
            if scope != .global {
                encode(id.span, to: &out)
                out.append(UInt8(ascii: "/"))
            }
            ValueEncoding.plain(name.span, into: &out)
        }
    }

    private static let globalWord = Array("/global/".utf8)
    private static let offerWord = Array("/offers/".utf8)
    private static let smartlinkWord = Array("/smartlinks/".utf8)

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "/") && byte != UInt8(ascii: "%")
    }

    /// `out` must have room for three bytes per byte.
    private static func encode(_ bytes: Span<UInt8>, to out: inout OutputSpan<UInt8>) {
        for index in bytes.indices {
            let byte = bytes[index]
            if isPlain(byte) {
                out.append(byte)
            } else {
                out.append(UInt8(ascii: "%"))
                out.append(Hexadecimal.digit(byte >> 4))
                out.append(Hexadecimal.digit(byte & 15))
            }
        }
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        guard bytes.contains(UInt8(ascii: "%")) else { return Array(bytes) }
        var result: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                result.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(Hexadecimal.value),
                let low = rest.popFirst().flatMap(Hexadecimal.value)
            else { return nil }
            result.append(high << 4 | low)
        }
        return result
    }
}
