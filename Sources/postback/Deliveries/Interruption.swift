import Foundation
import Synchronization

/// Ctrl-C (and SIGTERM) as a question, for commands that end in good order. A second one ends the process at once.
enum Interruption {
    private static let count = Atomic<Int>(0)

    /// From now on the first signal only makes `wasAsked` true; waits in system calls end with EINTR.
    static func watch() {
        for signal in [SIGINT, SIGTERM] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                if Interruption.count.add(1, ordering: .relaxed).newValue > 1 { _exit(128 + number) }
            }
            sigaction(signal, &action, nil)
        }
    }

    static var wasAsked: Bool { count.load(ordering: .relaxed) > 0 }
}
