/// OpenSSL would not compute a digest: it has no memory, or its configuration (FIPS) leaves the algorithm out.
package struct DigestFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// `MD5`, `SHA1`, `SHA256` or `HMAC-SHA256`.
    package let algorithm: String

    package var description: String {
        "OpenSSL could not compute \(algorithm); its configuration may forbid it"
    }
}
