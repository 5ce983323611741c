import Testing

@testable import Telemetry

@Suite("The key admin.listen")
struct ListenAddressTests {
    @Test(
        "takes an address and a port",
        arguments: [
            ("127.0.0.1:9464", "127.0.0.1:9464"), ("0.0.0.0:0", "0.0.0.0:0"), ("[::1]:9464", "[::1]:9464"),
            ("[::]:65535", "[::]:65535"), ("localhost:80", "127.0.0.1:80"), (":9464", "0.0.0.0:9464"),
            ("*:9464", "0.0.0.0:9464"),
        ]
    )
    func valid(text: String, canonical: String) throws {
        #expect(try ListenAddress(text).text == canonical)
    }

    @Test(
        "refuses what is neither, and says what is allowed",
        arguments: [
            "", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1", "::1:9464",
            "[::1]", "[127.0.0.1]:1", "127.0.0.1: 1", "127.0.0.1:99999999999999999999", "a:b",
        ]
    )
    func invalid(text: String) {
        let error = #expect(throws: AdminEndpointError.invalidAddress(text)) { try ListenAddress(text) }
        #expect(error?.description.contains("admin.listen: \"\(text)\"") == true)
        #expect(error?.description.contains("127.0.0.1:9464") == true)
    }
}
