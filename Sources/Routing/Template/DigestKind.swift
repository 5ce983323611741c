import Digests

/// The digests a template can make of a value; written as lower-case hexadecimal.
enum DigestKind: String, Sendable, Hashable, CaseIterable {
    case md5
    case sha1
    case sha256

    func digest(_ value: [UInt8]) throws(DigestFailure) -> [UInt8] {
        switch self {
        case .md5: try Digests.md5(value)
        case .sha1: try Digests.sha1(value)
        case .sha256: try Digests.sha256(value)
        }
    }
}
