import EventLoop
import Glibc
import Testing

@Suite struct WakeUpTests {
    @Test func `Any number of signals is taken back at once`() throws {
        let wakeUp = try WakeUp()
        #expect(!wakeUp.isSignalled)
        wakeUp.clear()
        #expect(!wakeUp.isSignalled)
        for _ in 0..<1000 { wakeUp.signal() }
        #expect(wakeUp.isSignalled)
        wakeUp.clear()
        #expect(!wakeUp.isSignalled)
        wakeUp.signal()
        #expect(wakeUp.isSignalled)
    }

    @Test func `It wakes a loop that sleeps for ever`() throws {
        let wakeUp = try WakeUp()
        let epoll = try Epoll()
        try epoll.add(wakeUp.descriptor, .readable, token: 42)
        let thread = try LoopThread(name: "signaller") { wakeUp.signal() }
        #expect(try epoll.wait(milliseconds: -1) == 1)
        #expect(epoll.token(at: 0) == 42)
        thread.join()
    }
}
