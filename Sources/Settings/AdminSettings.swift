/// Section `admin`: where health and metrics are served.
package struct AdminSettings: Sendable, Equatable {
    /// `HOST:PORT`, an IPv6 address in brackets; empty when the endpoint is off.
    package var listen = "127.0.0.1:9464"

    /// All defaults.
    package init() {}

    /// Host (without brackets) and port of ``listen``, 0 for any free port; nil when the endpoint is off.
    package var address: (host: String, port: UInt16)? { Self.address(of: listen) }

    mutating func read(_ section: SettingsSection) {
        section.read("listen", .listenAddress, into: &listen)
    }

    fileprivate static func address(of text: String) -> (host: String, port: UInt16)? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        var host = text[..<colon]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let port = UInt16(digits) else {
            return nil
        }
        if host.hasPrefix("[") && host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard IPNetwork.isIPv6(String(host)) else { return nil }
        } else {
            guard SettingName.isAllowed(String(host), count: 1...255) else { return nil }
        }
        return (String(host), port)
    }
}

extension SettingKind where Value == String {
    fileprivate static var listenAddress: Self {
        let allowed = "HOST:PORT such as 127.0.0.1:9464 or [::]:9464, or off"
        return Self(allowed) { value in
            if let text = value.text {
                if text.isEmpty || text == "off" { return "" }
                if AdminSettings.address(of: text) != nil { return text }
            }
            let missesHost = value.text?.hasPrefix(":") == true
            value.refuse(mustBe: allowed, hint: missesHost ? "for all interfaces write 0.0.0.0:PORT" : nil)
            return nil
        }
    }
}
