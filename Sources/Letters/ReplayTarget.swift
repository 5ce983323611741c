import Delivery

/// Where a replay sends its letters, and what it writes on them. Pure.
package enum ReplayTarget: String, Sendable, CaseIterable {
    /// To where the routes lead today.
    case current
    /// To the template as it was when the attempt was made.
    case original

    /// Why a letter cannot be sent to its original template.
    package enum Obstacle: String, Sendable, CaseIterable {
        /// It holds secrets that were masked, and the postback has another template today.
        case masked
        /// It was too long to be carried whole.
        case cut
        /// It names a route but carries no template: that route was gone already.
        case missing
    }

    /// The headers that a replayed letter gets in place of its own; a nil value removes one. The template stays also where
    /// today's is sent: when the route is gone, the next dead letter still has it, and `original` remains possible.
    /// - Parameter sendsOriginal: for a letter whose own template is to be used.
    package static func headers(id: String, sendsOriginal: Bool) -> [(name: String, value: String?)] {
        var headers: [(name: String, value: String?)] = [
            PostbackHeader.attempt, PostbackHeader.firstAttemptAt, PostbackHeader.notBefore,
            PostbackHeader.parked, PostbackHeader.parkedSince, PostbackHeader.lastStatus,
            PostbackHeader.lastError, PostbackHeader.reason, PostbackHeader.failedAt, PostbackHeader.url,
            PostbackHeader.history,
        ].map { ($0, nil) }
        headers.append((PostbackHeader.replayedFrom, id))
        headers.append((PostbackHeader.replayTo, sendsOriginal ? PostbackHeader.original : nil))
        return headers
    }

    /// Whether the letter goes with its own template, with today's, or not at all.
    /// - Parameter current: the masked template of its route today; nil when the route is gone.
    package func decide(
        _ letter: Letter,
        current: (_ route: String) -> String?
    ) -> Result<Bool, ObstacleError> {
        guard self == .original, let route = letter.route else { return .success(false) }
        guard let template = letter.template else { return .failure(ObstacleError(.missing)) }
        if template.hasSuffix("…") { return .failure(ObstacleError(.cut)) }
        guard template.contains("***") else { return .success(true) }
        // What the mask hides cannot be told; when today's template looks the same, it is taken for the same.
        return current(route) == template ? .success(false) : .failure(ObstacleError(.masked))
    }

    package struct ObstacleError: Error, Sendable, Equatable {
        package let obstacle: Obstacle

        init(_ obstacle: Obstacle) {
            self.obstacle = obstacle
        }
    }
}
