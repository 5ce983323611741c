/// `sign`: how a request proves where it comes from.
enum Signature: Sendable, Hashable {
    /// Headers of Standard Webhooks 1.0: one signature for each secret, the new one first while they are changed.
    case standardWebhooks([Secret])
    /// HMAC-SHA256 of the request target, in hexadecimal, as the last parameter of the query.
    case hmacQuery(Secret, parameter: [UInt8])
}
