import TestSupport
import Testing

@testable import HTTPTransport

/// Certificates that are right, and those that are wrong each in its own way.
@Suite struct TLSTests {
    private func send(
        certificate: String,
        host: String = "localhost",
        server options: String = "",
        _ change: (inout TransportOptions, TestCertificates) -> Void = { $0.authorities = $1.file("ca.pem") }
    ) throws -> Transfer {
        let certificates = try TestCertificates()
        let server = try TLSServer(certificates, certificate: certificate, options: options)
        defer {
            server.stop()
            certificates.folder.remove()
        }
        let loop = try TransportLoop(.local { change(&$0, certificates) })
        return try loop.send(host, server.port, isTLS: true)
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func `An authority of the operator's own is trusted`(version: String) throws {
        let transfer = try send(certificate: "good", server: version)
        #expect(transfer.sends == 1)
        guard case .answered(200, _) = transfer.result else {
            Issue.record("\(transfer.result)")
            return
        }
    }

    @Test(arguments: [
        ("expired", "localhost", "certificate has expired"), ("own", "localhost", "self-signed certificate"),
        ("good", "127.0.0.1", "target host name '127.0.0.1'"),
    ])
    func `A wrong certificate is a failure with its reason in words`(name: String, host: String, words: String) throws {
        let transfer = try send(certificate: name, host: host)
        #expect(transfer.failure?.kind == .tls)
        #expect(transfer.failure?.description.contains(words) == true, "\(transfer.result)")
        #expect(transfer.sends == 0)
    }

    @Test func `An authority that nobody named is not trusted`() throws {
        let transfer = try send(certificate: "good") { _, _ in }
        #expect(transfer.failure?.kind == .tls)
        #expect(transfer.failure?.description.contains("unable to get local issuer certificate") == true)
    }

    @Test func `TLS before 1_2 is refused`() throws {
        let transfer = try send(certificate: "good", server: "-tls1_1 -cipher DEFAULT@SECLEVEL=0")
        #expect(transfer.failure?.kind == .tls)
        #expect(transfer.sends == 0)
    }

    @Test func `A client certificate is shown to a server that asks for one`() throws {
        let demands = "-Verify 1 -verify_return_error -CAfile ca.pem -tls1_2"
        let with = try send(certificate: "good", server: demands) { options, certificates in
            options.authorities = certificates.file("ca.pem")
            options.certificate = certificates.file("client.pem")
            options.key = certificates.file("client.key")
        }
        guard case .answered(200, _) = with.result else {
            Issue.record("\(with.result)")
            return
        }
        #expect(try send(certificate: "good", server: demands).failure?.kind == .tls)
    }

    @Test func `A key that is not the certificate's is our own fault`() throws {
        let transfer = try send(certificate: "good") { options, certificates in
            options.authorities = certificates.file("ca.pem")
            options.certificate = certificates.file("client.pem")
            options.key = certificates.file("own.key")
        }
        #expect(transfer.failure?.kind == .local, "\(transfer.result)")
    }

    @Test func `A file that cannot be read stops the start, by its name`() throws {
        #expect {
            _ = try TransportLoop(.local { $0.key = "/nonexistent/key.pem" })
        } throws: { error in
            "\(error)".contains("egress.tls.key: /nonexistent/key.pem cannot be read: No such file")
        }
    }
}
