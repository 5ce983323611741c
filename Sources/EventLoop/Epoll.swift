internal import CShims
internal import Glibc

/// A system call that failed: which one, and what the kernel said.
package struct SystemError: Error, Sendable, CustomStringConvertible {
    package let call: String
    package let code: Int32

    package init(_ call: String, code: Int32 = errno) {
        self.call = call
        self.code = code
    }

    package var description: String { "\(call): \(unsafe String(cString: strerror(code)))" }
}

/// What a descriptor is watched for, or what happened to it.
package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package init(isReadable: Bool, isWritable: Bool) {
        rawValue = (isReadable ? 0x001 : 0) | (isWritable ? 0x004 : 0)
    }

    package static let readable = Readiness(rawValue: 0x001)
    package static let writable = Readiness(rawValue: 0x004)
    package static let failed = Readiness(rawValue: 0x008)
    package static let hungUp = Readiness(rawValue: 0x010)
    /// An error or a hang-up: whoever waits, for reading or writing, has to look.
    package var isFailure: Bool { rawValue & 0x018 != 0 }
    package var isReadable: Bool { rawValue & 0x001 != 0 }
    package var isWritable: Bool { rawValue & 0x004 != 0 }

    package static let edgeTriggered = Readiness(rawValue: 1 << 31)
}

/// One epoll instance and the events of its last wait (epoll(7)). Confined to the thread that runs the loop.
@safe package final class Epoll {
    private let descriptor: Int32
    private let events: UnsafeMutableBufferPointer<epoll_event>

    /// - Parameter capacity: how many events one `wait` takes at most.
    package init(capacity: Int = 256) throws(SystemError) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        if descriptor < 0 { throw SystemError("epoll_create1") }
        unsafe events = .allocate(capacity: capacity)
    }

    deinit {
        unsafe events.deallocate()
        close(descriptor)
    }

    /// Watches `file`; `token` comes back with each of its events.
    package func add(_ file: Int32, _ interest: Readiness, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_ADD, file, interest, token)
    }

    package func modify(_ file: Int32, _ interest: Readiness, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_MOD, file, interest, token)
    }

    /// Adds or modifies, whichever it is after all: a descriptor may have been closed, and its number used again, without
    /// our knowing.
    package func watch(_ file: Int32, _ interest: Readiness, token: UInt64, isKnown: Bool) throws(SystemError) {
        do throws(SystemError) {
            try control(isKnown ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, file, interest, token)
        } catch {
            guard error.code == (isKnown ? ENOENT : EEXIST) else { throw error }
            try control(isKnown ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, file, interest, token)
        }
    }

    /// Forgets `file`. A descriptor that is not watched, or closed already, is no error: closing forgets it too.
    package func remove(_ file: Int32) {
        try? control(EPOLL_CTL_DEL, file, [], 0)
    }

    private func control(
        _ operation: Int32,
        _ file: Int32,
        _ interest: Readiness,
        _ token: UInt64
    ) throws(SystemError) {
        var event = unsafe epoll_event()
        unsafe event.events = interest.rawValue
        unsafe event.data.u64 = token
        if unsafe epoll_ctl(descriptor, operation, file, &event) != 0 { throw SystemError("epoll_ctl") }
    }

    /// Sleeps until something happens or `milliseconds` have passed (-1: for ever).
    /// - Returns: how many events are ready to be read with `token(at:)` and `readiness(at:)`.
    package func wait(milliseconds: Int32) throws(SystemError) -> Int {
        let count = unsafe epoll_wait(descriptor, events.baseAddress, Int32(events.count), milliseconds)
        if count >= 0 { return Int(count) }
        if errno == EINTR { return 0 }
        throw SystemError("epoll_wait")
    }

    package func token(at index: Int) -> UInt64 { unsafe events[index].data.u64 }

    package func readiness(at index: Int) -> Readiness { unsafe Readiness(rawValue: events[index].events) }
}
