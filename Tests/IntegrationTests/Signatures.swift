import Foundation
import TestSupport

/// HMAC-SHA256 by the program `openssl`: nothing of ours checks what we signed.
enum Signatures {
    struct Failure: Error {
        let output: String
    }

    static func hmac(key: [UInt8], _ message: String, in folder: TestFolder) throws -> [UInt8] {
        let name = RandomName.make(6)
        try folder.write(Array(message.utf8), to: "\(name).in")
        let digits = key.map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
        let process = try ChildProcess(
            "/usr/bin/openssl",
            ["dgst", "-sha256", "-mac", "HMAC", "-macopt", "hexkey:\(digits)", "-binary", "-out", "\(name).mac"]
                + ["\(name).in"],
            folder: folder.path,
            output: folder.file("\(name).log"),
            errors: folder.file("\(name).log")
        )
        guard process.waitForEnd(within: 30) == .exited(0) else { throw Failure(output: folder.read("\(name).log")) }
        return Array(FileManager.default.contents(atPath: folder.file("\(name).mac")) ?? Data())
    }

    /// In base64.
    static func hmacBase64(key: String, _ message: String, in folder: TestFolder) throws -> String {
        guard let bytes = Data(base64Encoded: key) else { throw Failure(output: "\(key) is not base64") }
        return Data(try hmac(key: Array(bytes), message, in: folder)).base64EncodedString()
    }

    /// In hexadecimal.
    static func hmacHex(key: String, _ message: String, in folder: TestFolder) throws -> String {
        try hmac(key: Array(key.utf8), message, in: folder)
            .map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
    }
}
