internal import Synchronization

/// Letters for a loop from other threads. Posting wakes the loop once; the loop takes all letters at a time.
package final class Mailbox<Letter: Sendable>: Sendable {
    private let letters = Mutex<[Letter]>([])
    private let wakeUp: WakeUp

    package init(wakeUp: WakeUp) {
        self.wakeUp = wakeUp
    }

    /// Any thread.
    package func post(_ letter: Letter) {
        let first = letters.withLock { letters in
            letters.append(letter)
            return letters.count == 1
        }
        if first { wakeUp.signal() }
    }

    /// Any thread; in the order given.
    package func post(_ batch: [Letter]) {
        if batch.isEmpty { return }
        let first = letters.withLock { letters in
            defer { letters.append(contentsOf: batch) }
            return letters.isEmpty
        }
        if first { wakeUp.signal() }
    }

    /// The loop's thread only: everything posted since the last call, oldest first.
    package func takeAll() -> [Letter] {
        letters.withLock { letters in
            if letters.isEmpty { return [] }
            let taken = letters
            letters = []
            return taken
        }
    }
}
