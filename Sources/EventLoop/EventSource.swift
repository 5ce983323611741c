/// Whose descriptor an epoll token belongs to. A lane's loop has these four kinds and no others.
package enum EventSource: UInt8, Sendable {
    case wakeUp = 1
    case broker = 2
    case transfer = 3
    case resolver = 4

    /// - Parameters:
    ///   - shard: 24 bits for the owner's use.
    package func token(descriptor: Int32, shard: Int = 0) -> UInt64 {
        UInt64(rawValue) << 56 | UInt64(UInt32(shard) & 0xff_ffff) << 32 | UInt64(UInt32(bitPattern: descriptor))
    }

    package init?(token: UInt64) {
        self.init(rawValue: UInt8(token >> 56))
    }

    package static func descriptor(of token: UInt64) -> Int32 { Int32(truncatingIfNeeded: token) }
    package static func shard(of token: UInt64) -> Int { Int(token >> 32 & 0xff_ffff) }
}
