import Glibc
import Testing

@testable import HTTPTransport

@Suite struct ConnectFaultTests {
    @Test(arguments: [EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL])
    func `No descriptors, memory or ports of our own are our own fault`(error: Int32) {
        #expect(ConnectFault.isOurs(error) { true })
    }

    @Test(arguments: [ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH, ECONNRESET, EPERM, 0])
    func `A refused, silent or unreachable host is not`(error: Int32) {
        #expect(!ConnectFault.isOurs(error) { false })
    }

    @Test func `An IPv6 address that a machine without IPv6 has nothing to call from is not, while IPv4 leads out`() {
        #expect(!ConnectFault.isOurs(EADDRNOTAVAIL, isV6: true) { true })
        #expect(ConnectFault.isOurs(EADDRNOTAVAIL, isV6: true) { false })
    }

    @Test func `Only the other side can refuse or reset`() {
        #expect(ConnectFault.isPeers(ECONNREFUSED) && ConnectFault.isPeers(ECONNRESET))
        for error in [ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, EMFILE, 0] { #expect(!ConnectFault.isPeers(error)) }
    }

    @Test(arguments: [ENETUNREACH, ENETDOWN])
    func `No way to the network is our own fault only when no way leads out of this machine`(error: Int32) {
        #expect(ConnectFault.isOurs(error) { false })
        #expect(!ConnectFault.isOurs(error) { true })
    }
}
