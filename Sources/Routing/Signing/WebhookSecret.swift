import Digests

/// A secret as Standard Webhooks writes it: `whsec_` and base64 of the key, or base64 alone.
enum WebhookSecret {
    /// Bytes; what Standard Webhooks 1.0 asks for at least.
    static let shortest = 24

    /// The key's bytes. A text that is not base64 is the key itself; nil for `whsec_` with something else behind it.
    static func key(_ secret: [UInt8]) -> [UInt8]? {
        let prefix = Array("whsec_".utf8)
        if secret.starts(with: prefix) {
            guard let key = Base64Text.decode(Array(secret.dropFirst(prefix.count))), !key.isEmpty else { return nil }
            return key
        }
        // The receivers' libraries read a secret without the prefix as base64 too.
        if let key = Base64Text.decode(secret), !key.isEmpty { return key }
        return secret
    }
}
