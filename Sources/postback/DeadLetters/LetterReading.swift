import EventLoop
import Foundation
import Letters
import RabbitMQ
import Worker

/// One look over the dead letters by a command that changes nothing.
struct LetterReading {
    let options: LaneOptions
    let name: String

    /// Calls `visit` with every letter that lay there at the start and matches, oldest first, until it returns false.
    /// - Returns: how many lay there. A broker that is away, or goes away, ends the command with code 3.
    @discardableResult
    func run(_ filter: LetterFilter, _ visit: (Letter) throws -> Bool) throws -> Int {
        Interruption.listen()
        do {
            let walk = try LetterWalk(options, name: "postback dead-letters \(name)")
            defer { try? walk.release() }
            OtherReaders.tell(walk.otherReaders)
            var looked = 0
            var wantsMore = true
            var failure: (any Error)?
            var more = true
            while more, wantsMore, failure == nil {
                if Interruption.isRequested { throw CommandFailure(CommandFailure.failed, "interrupted") }
                more = try walk.take(limit: 1000) { found in
                    looked += 1
                    guard wantsMore, failure == nil, filter.matches(found.letter) else { return }
                    do {
                        wantsMore = try visit(found.letter)
                    } catch {
                        failure = error
                    }
                }
                Console.progress("\(looked) of \(walk.frozen) letters looked at")
                if more, wantsMore, failure == nil { walk.wait(milliseconds: 100) }
            }
            Console.progress("")
            if let failure { throw failure }
            try OtherReaders.check(walk.otherReaders, seen: looked)
            return walk.frozen
        } catch let error as AMQPError {
            throw Self.failure(error)
        }
    }

    static func failure(_ error: AMQPError) -> CommandFailure {
        if case .closed(code: 404) = error.kind {
            return CommandFailure(
                CommandFailure.failed,
                "\(error.description); `postback topology declare` creates what is missing"
            )
        }
        return CommandFailure(CommandFailure.noBroker, "no broker: \(error.description)")
    }
}
