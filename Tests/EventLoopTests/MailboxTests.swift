import EventLoop
import Glibc
import Testing

@Suite struct MailboxTests {
    @Test func `Letters of four threads all arrive, each thread's in its order`() throws {
        let wakeUp = try WakeUp()
        let mailbox = Mailbox<(thread: Int, number: Int)>(wakeUp: wakeUp)
        let perThread = 20_000
        let threads = try (0..<4).map { thread in
            try LoopThread(name: "poster") {
                var number = 0
                while number < perThread {
                    // By turns one letter and a batch.
                    if number % 3 == 0 {
                        mailbox.post((thread, number))
                        number += 1
                    } else {
                        let batch = number..<min(number + 5, perThread)
                        mailbox.post(batch.map { (thread, $0) })
                        number = batch.upperBound
                    }
                }
            }
        }
        var next = [0, 0, 0, 0]
        let deadline = Clock.monotonic() + 60_000_000_000
        while next.contains(where: { $0 < perThread }), Clock.monotonic() < deadline {
            // A wake-up that got lost would leave letters behind and this poll without an end.
            var entry = pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&entry, 1, 20_000) != 1 {
                Issue.record("letters without a wake-up: \(mailbox.takeAll().count)")
                break
            }
            wakeUp.clear()
            for letter in mailbox.takeAll() {
                if letter.number != next[letter.thread] { Issue.record("\(letter) in place of \(next[letter.thread])") }
                next[letter.thread] = letter.number + 1
            }
        }
        for thread in threads { thread.join() }
        #expect(next == Array(repeating: perThread, count: 4))
        #expect(mailbox.takeAll().isEmpty)
    }

    @Test func `Posting wakes once, and again after the letters were taken`() throws {
        let wakeUp = try WakeUp()
        let mailbox = Mailbox<Int>(wakeUp: wakeUp)
        mailbox.post([])
        #expect(!wakeUp.isSignalled)
        mailbox.post(1)
        #expect(wakeUp.isSignalled)
        wakeUp.clear()
        mailbox.post(2)
        mailbox.post([3, 4])
        #expect(!wakeUp.isSignalled)
        #expect(mailbox.takeAll() == [1, 2, 3, 4])
        #expect(mailbox.takeAll().isEmpty)
        mailbox.post([5])
        #expect(wakeUp.isSignalled)
        #expect(mailbox.takeAll() == [5])
    }
}

extension WakeUp {
    /// Whether a loop that sleeps on it would wake now.
    var isSignalled: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 1
    }
}
