import CShims
import Glibc

/// Owner of the epoll descriptor (level-triggered). Each registration carries a token that comes back with its events.
struct Poller: ~Copyable {
    /// What a socket is watched for; errors and hang-ups are always reported.
    struct Interest: OptionSet {
        let rawValue: UInt32
        static let read = Interest(rawValue: EPOLLIN.rawValue)
        static let write = Interest(rawValue: EPOLLOUT.rawValue)
    }

    /// What happened on one registration.
    struct Event {
        let token: UInt64
        let isReadable: Bool
        let isWritable: Bool
        let isBroken: Bool
    }

    private let descriptor: Int32
    private var raw = [epoll_event](repeating: epoll_event(), count: 512)

    init() throws {
        descriptor = epoll_create1(0)
        guard descriptor >= 0 else { throw TrackerError("cannot make an epoll descriptor", code: errno) }
    }

    deinit {
        close(descriptor)
    }

    func add(_ socket: Int32, token: UInt64, interest: Interest) -> Bool {
        control(EPOLL_CTL_ADD, socket, token, interest)
    }

    func change(_ socket: Int32, token: UInt64, interest: Interest) {
        _ = control(EPOLL_CTL_MOD, socket, token, interest)
    }

    private func control(_ operation: Int32, _ socket: Int32, _ token: UInt64, _ interest: Interest) -> Bool {
        var event = epoll_event()
        event.events = interest.rawValue
        event.data.u64 = token
        return epoll_ctl(descriptor, operation, socket, &event) == 0
    }

    /// Waits at most `milliseconds` (-1: for ever) and fills `events` with what happened.
    mutating func wait(milliseconds: Int32, into events: inout [Event]) throws {
        events.removeAll(keepingCapacity: true)
        let count = epoll_wait(descriptor, &raw, Int32(raw.count), milliseconds)
        if count < 0 {
            guard errno == EINTR else { throw TrackerError("epoll_wait failed", code: errno) }
            return
        }
        for index in 0..<Int(count) {
            let flags = raw[index].events
            events.append(
                Event(
                    token: raw[index].data.u64,
                    isReadable: flags & EPOLLIN.rawValue != 0,
                    isWritable: flags & EPOLLOUT.rawValue != 0,
                    isBroken: flags & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
                )
            )
        }
    }
}
