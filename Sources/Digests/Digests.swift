internal import CCrypto

/// One-shot digests and message codes, computed by OpenSSL's libcrypto. No state and no lock: safe from every thread.
package enum Digests {
    /// MD5 (RFC 1321), 16 bytes. For receivers that ask for it; it protects nothing.
    package static func md5(_ bytes: [UInt8]) throws(DigestFailure) -> [UInt8] {
        try unsafe digest(bytes, EVP_md5(), length: 16, name: "MD5")
    }

    /// SHA-1 (RFC 3174), 20 bytes. For receivers that ask for it.
    package static func sha1(_ bytes: [UInt8]) throws(DigestFailure) -> [UInt8] {
        try unsafe digest(bytes, EVP_sha1(), length: 20, name: "SHA1")
    }

    /// SHA-256 (FIPS 180-4), 32 bytes.
    package static func sha256(_ bytes: [UInt8]) throws(DigestFailure) -> [UInt8] {
        try unsafe digest(bytes, EVP_sha256(), length: 32, name: "SHA256")
    }

    /// HMAC-SHA256 (RFC 2104 over FIPS 180-4), 32 bytes. The key may have any length, also none.
    package static func hmacSHA256(key: [UInt8], message: [UInt8]) throws(DigestFailure) -> [UInt8] {
        // OpenSSL counts the key in C's int.
        guard let keyCount = Int32(exactly: key.count) else { throw DigestFailure(algorithm: "HMAC-SHA256") }
        var result = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        // A null key would mean "the key of the last call": an empty array still hands over an address.
        let keyBytes = key.isEmpty ? [0] : key
        let done = unsafe HMAC(EVP_sha256(), keyBytes, keyCount, message, message.count, &result, &count)
        guard unsafe done != nil, count == 32 else { throw DigestFailure(algorithm: "HMAC-SHA256") }
        return result
    }

    /// Whether two byte strings are equal, in a time that depends on their lengths only.
    package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe CRYPTO_memcmp(left, right, left.count) == 0
    }

    private static func digest(
        _ bytes: [UInt8],
        _ algorithm: OpaquePointer?,
        length: Int,
        name: String
    ) throws(DigestFailure) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: length)
        var count: UInt32 = 0
        let done = unsafe EVP_Digest(bytes, bytes.count, &result, &count, algorithm, nil)
        guard done == 1, Int(count) == length else { throw DigestFailure(algorithm: name) }
        return result
    }
}
