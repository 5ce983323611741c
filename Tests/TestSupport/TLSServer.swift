import Glibc

/// Certificates made for one test by openssl(1), and servers that show them.
package final class TLSServer {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package let port: UInt16
    private let process: ChildProcess

    /// Listens on a free port of 127.0.0.1 and answers every GET with 200.
    package init(_ certificates: TestCertificates, certificate: String, options: String = "") throws {
        let folder = certificates.folder
        let log = "server-\(RandomName.make(6)).log"
        let line =
            "s_server -accept 127.0.0.1:0 -cert \(certificate).pem -key \(certificate).key -www -naccept 20 \(options)"
        process = try ChildProcess(
            "/usr/bin/openssl",
            line.split(separator: " ").map(String.init),
            folder: folder.path,
            output: folder.file(log),
            errors: folder.file(log)
        )
        var found: UInt16?
        let process = process
        try eventually("openssl s_server listens", state: { folder.read(log) }) {
            if let end = process.ended { throw Failure(description: "\(end): \(folder.read(log))") }
            let line = folder.read(log).split(separator: "\n").first { $0.hasPrefix("ACCEPT ") }
            found = line?.split(separator: ":").last.flatMap { UInt16($0) }
            return found != nil
        }
        port = found ?? 0
    }

    package func stop() { _ = process.kill() }
}

/// In a folder of their own: `ca`, `good` and `expired` for localhost and signed by it, `own` that is signed by itself,
/// and `client`.
package struct TestCertificates {
    package let folder: TestFolder

    private static let newKey = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"

    package init() throws {
        folder = try TestFolder()
        try folder.write("subjectAltName=DNS:localhost\n", to: "names")
        for name in ["ca", "own"] {
            let subject = name == "ca" ? "/CN=ca" : "/CN=localhost"
            try openssl("req -x509 \(Self.newKey) -days 2 -subj \(subject) -keyout \(name).key -out \(name).pem")
        }
        for (name, days) in [("good", 2), ("expired", -1), ("client", 2)] {
            try openssl("req \(Self.newKey) -subj /CN=\(name) -keyout \(name).key -out \(name).csr")
            try openssl(
                "x509 -req -in \(name).csr -CA ca.pem -CAkey ca.key -CAcreateserial -days \(days) -extfile names -out \(name).pem"
            )
        }
    }

    package func file(_ name: String) -> String { folder.file(name) }

    private func openssl(_ arguments: String) throws {
        let process = try ChildProcess(
            "/usr/bin/openssl",
            arguments.split(separator: " ").map(String.init),
            folder: folder.path,
            output: folder.file("log"),
            errors: folder.file("log")
        )
        guard process.waitForEnd(within: 30) == .exited(0) else {
            throw TLSServer.Failure(description: folder.read("log"))
        }
    }
}
