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
        encode(publisher, to: &buffer)
        switch scope {
        case .global: buffer.append(contentsOf: "/global/".utf8)
        case .offer: buffer.append(contentsOf: "/offers/".utf8)
        case .smartlink: buffer.append(contentsOf: "/smartlinks/".utf8)
        }
        if scope != .global {
            encode(id, to: &buffer)
            buffer.append(UInt8(ascii: "/"))
        }
        buffer.append(contentsOf: name)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "/") && byte != UInt8(ascii: "%")
    }

    private static func encode(_ bytes: ArraySlice<UInt8>, to buffer: inout [UInt8]) {
        if bytes.allSatisfy(isPlain) {
            buffer.append(contentsOf: bytes)
            return
        }
        for byte in bytes {
            if isPlain(byte) { buffer.append(byte) } else { Hexadecimal.appendEscape(of: byte, to: &buffer) }
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
