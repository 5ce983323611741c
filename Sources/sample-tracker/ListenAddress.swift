import ArgumentParser

/// `HOST:PORT` or `[IPV6]:PORT` as given on the command line; the port is kept as text for the resolver.
struct ListenAddress: ExpressibleByArgument, CustomStringConvertible {
    let host: String
    let port: String

    init(host: String, port: String) {
        self.host = host
        self.port = port
    }

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":") else { return nil }
        var host = argument[..<colon]
        let port = argument[argument.index(after: colon)...]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, port.allSatisfy({ $0.isASCII && $0.isNumber }), UInt16(port) != nil else { return nil }
        self.init(host: String(host), port: String(port))
    }

    var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    var defaultValueDescription: String { description }
}
