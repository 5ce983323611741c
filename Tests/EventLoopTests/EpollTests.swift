import EventLoop
import Glibc
import Testing

@Suite struct EpollTests {
    /// Two connected descriptors, closed together.
    private final class Pair {
        let near: Int32
        private(set) var far: Int32

        init() {
            var ends: [Int32] = [-1, -1]
            socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
            (near, far) = (ends[0], ends[1])
        }

        deinit {
            close(near)
            hangUp()
        }

        func hangUp() {
            if far >= 0 { close(far) }
            far = -1
        }

        func say() { #expect(write(far, "x", 1) == 1) }
        func hear() {
            var byte: UInt8 = 0
            #expect(read(near, &byte, 1) == 1)
        }
    }

    @Test func `A descriptor is reported with its token and what happened to it`() throws {
        let epoll = try Epoll()
        let (first, second) = (Pair(), Pair())
        try epoll.add(first.near, .readable, token: 0xffff_ffff_ffff_fff1)
        try epoll.add(second.near, [.readable, .writable], token: 2)
        #expect(try epoll.wait(milliseconds: 0) == 1)
        #expect(epoll.token(at: 0) == 2)
        #expect(epoll.readiness(at: 0) == .writable)
        first.say()
        second.say()
        #expect(try epoll.wait(milliseconds: 1000) == 2)
        let events = [epoll.token(at: 0): epoll.readiness(at: 0), epoll.token(at: 1): epoll.readiness(at: 1)]
        #expect(events == [0xffff_ffff_ffff_fff1: .readable, 2: [.readable, .writable]])
    }

    @Test func `Unread input is reported again and again, with edge triggering once per arrival`() throws {
        let epoll = try Epoll()
        let (level, edge) = (Pair(), Pair())
        try epoll.add(level.near, .readable, token: 1)
        try epoll.add(edge.near, [.readable, .edgeTriggered], token: 2)
        level.say()
        edge.say()
        #expect(try epoll.wait(milliseconds: 1000) == 2)
        for _ in 0..<3 {
            #expect(try epoll.wait(milliseconds: 0) == 1)
            #expect(epoll.token(at: 0) == 1)
        }
        edge.say()
        #expect(try epoll.wait(milliseconds: 1000) == 2)
        level.hear()
        #expect(try epoll.wait(milliseconds: 0) == 0)
    }

    @Test func `Interest and token can change`() throws {
        let epoll = try Epoll()
        let pair = Pair()
        try epoll.add(pair.near, .readable, token: 1)
        #expect(try epoll.wait(milliseconds: 0) == 0)
        try epoll.modify(pair.near, .writable, token: 9)
        #expect(try epoll.wait(milliseconds: 1000) == 1)
        #expect(epoll.token(at: 0) == 9)
        #expect(epoll.readiness(at: 0) == .writable)
    }

    @Test func `A peer that hangs up shows`() throws {
        let epoll = try Epoll()
        let pair = Pair()
        try epoll.add(pair.near, .readable, token: 1)
        pair.hangUp()
        #expect(try epoll.wait(milliseconds: 1000) == 1)
        #expect(epoll.readiness(at: 0).contains(.hungUp))
    }

    @Test func `Removed means silent, and removing twice or never added is no error`() throws {
        let epoll = try Epoll()
        let pair = Pair()
        try epoll.add(pair.near, .readable, token: 1)
        pair.say()
        epoll.remove(pair.near)
        #expect(try epoll.wait(milliseconds: 0) == 0)
        epoll.remove(pair.near)
        epoll.remove(-1)
        try epoll.add(pair.near, .readable, token: 2)
        #expect(try epoll.wait(milliseconds: 1000) == 1)
    }

    @Test func `More events than fit come with the next wait`() throws {
        let epoll = try Epoll(capacity: 2)
        let pairs = (0..<5).map { _ in Pair() }
        for (index, pair) in pairs.enumerated() {
            try epoll.add(pair.near, .readable, token: UInt64(index))
            pair.say()
        }
        var seen: Set<UInt64> = []
        for _ in 0..<5 {
            let count = try epoll.wait(milliseconds: 1000)
            #expect(count <= 2)
            for index in 0..<count {
                let token = epoll.token(at: index)
                if seen.insert(token).inserted { pairs[Int(token)].hear() }
            }
        }
        #expect(seen == [0, 1, 2, 3, 4])
    }

    @Test func `Misuse is an error that names the call and the reason`() throws {
        let epoll = try Epoll()
        let pair = Pair()
        let error = #expect(throws: SystemError.self) { try epoll.add(-1, .readable, token: 1) }
        #expect(error?.call == "epoll_ctl")
        #expect(error?.code == EBADF)
        #expect(error?.description == "epoll_ctl: Bad file descriptor")
        try epoll.add(pair.near, .readable, token: 1)
        #expect(throws: SystemError.self) { try epoll.add(pair.near, .readable, token: 1) }
        #expect(throws: SystemError.self) { try epoll.modify(pair.far, .readable, token: 1) }
    }
}
