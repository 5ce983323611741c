/// Names as the exposition format wants them; whatever else comes in is bent until it fits.
enum MetricName {
    /// `[a-zA-Z_:][a-zA-Z0-9_:]*`; any other byte becomes `_`, an empty name becomes `_`.
    static func metric(_ name: String) -> String {
        fit(name, colons: true)
    }

    /// `[a-zA-Z_][a-zA-Z0-9_]*`; a leading `__` is reserved for Prometheus itself, `le` for histograms.
    static func label(_ name: String) -> String {
        var fitted = Substring(fit(name, colons: false))
        while fitted.hasPrefix("__") { fitted = fitted.dropFirst() }
        return fitted == "le" ? "le_" : String(fitted)
    }

    private static func fit(_ name: String, colons: Bool) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(name.utf8.count + 1)
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
                bytes.append(byte)
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if bytes.isEmpty { bytes.append(UInt8(ascii: "_")) }
                bytes.append(byte)
            case UInt8(ascii: ":") where colons:
                bytes.append(byte)
            default:
                bytes.append(UInt8(ascii: "_"))
            }
        }
        return bytes.isEmpty ? "_" : String(decoding: bytes, as: UTF8.self)
    }
}
