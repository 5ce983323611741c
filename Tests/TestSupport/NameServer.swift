import EventLoop
import Glibc
import Synchronization

/// A DNS server of the test's own on a UDP port of 127.0.0.1.
package final class NameServer: Sendable {
    package enum Answer: Sendable {
        /// Addresses, IPv4 and IPv6 mixed, with their time to live in seconds.
        case addresses([String], timeToLive: UInt32)
        /// An answer with this code: 3 is "no such name", 2 "server failure".
        case failure(code: UInt8)
        case garbage([UInt8])
        case nothing
    }

    /// `name type` of each question, type 1 for A and 28 for AAAA.
    package let questions = Journal<String>()
    package let address: String
    package let port: UInt16
    private let descriptor: Int32
    private let isOver = Atomic(false)
    private let thread = Mutex<LoopThread?>(nil)

    package init(
        at host: String = "127.0.0.1",
        port: UInt16 = 0,
        _ answer: @escaping @Sendable (_ name: String) -> Answer
    ) throws {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = inet_addr(host)
        name.sin_port = port.bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let failed = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) != 0 || getsockname(descriptor, $0, &length) != 0
            }
        }
        if failed { throw SocketFailure.refused(errno) }
        self.port = UInt16(bigEndian: name.sin_port)
        address = "\(host):\(self.port)"
        let started = try LoopThread(name: "name-server") { [self] in
            while !isOver.load(ordering: .acquiring) { serve(answer) }
        }
        thread.withLock { $0 = started }
    }

    deinit { close(descriptor) }

    package func stop() {
        isOver.store(true, ordering: .releasing)
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }

    /// How many questions for IPv4 addresses came: one per look-up.
    package var lookUps: Int { questions.all.count { $0.hasSuffix(" 1") } }

    private func serve(_ answer: (String) -> Answer) {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&entry, 1, 20) != 1 { return }
        var bytes = [UInt8](repeating: 0, count: 512)
        var client = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &client) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                let count = recvfrom(descriptor, &bytes, bytes.count, 0, $0, &length)
                guard count > 12, let reply = reply(to: Array(bytes[..<count]), answer) else { return }
                _ = sendto(descriptor, reply, reply.count, 0, $0, length)
            }
        }
    }

    private func reply(to question: [UInt8], _ answer: (String) -> Answer) -> [UInt8]? {
        var labels: [String] = []
        var place = 12
        while place < question.count, question[place] > 0, place + Int(question[place]) < question.count {
            labels.append(String(decoding: question[place + 1...place + Int(question[place])], as: UTF8.self))
            place += Int(question[place]) + 1
        }
        guard place + 5 <= question.count else { return nil }
        let type = question[place + 2]
        let name = labels.joined(separator: ".")
        questions.add("\(name) \(type)")
        let asked = Array(question[12..<place + 5])
        func message(code: UInt8, _ records: [[UInt8]]) -> [UInt8] {
            question[..<2] + [0x81, 0x80 | code, 0, 1, 0, UInt8(records.count), 0, 0, 0, 0] + asked + records.joined()
        }
        switch answer(name) {
        case .nothing: return nil
        case .garbage(let bytes): return Array(question[..<2]) + bytes
        case .failure(let code): return message(code: code, [])
        case .addresses(let texts, let timeToLive):
            let records = texts.compactMap { record($0, type: type, timeToLive) }
            return message(code: 0, records)
        }
    }

    /// The resource record of an address; nil when it is of the other type.
    private func record(_ text: String, type: UInt8, _ timeToLive: UInt32) -> [UInt8]? {
        let isV6 = text.contains(":")
        guard isV6 == (type == 28) else { return nil }
        var address = [UInt8](repeating: 0, count: isV6 ? 16 : 4)
        guard inet_pton(isV6 ? AF_INET6 : AF_INET, text, &address) == 1 else { return nil }
        let seconds = (0..<4).map { UInt8(truncatingIfNeeded: timeToLive >> (24 - 8 * $0)) }
        return [0xc0, 12, 0, type, 0, 1] + seconds + [0, UInt8(address.count)] + address
    }
}
