import Conversion
import Foundation

/// One conversion event in a file, or on standard input.
enum EventFile {
    /// The bytes of `path`, `-` for standard input; a little more than an event may have at most, so that the decoder
    /// refuses what is too long. A file that cannot be read ends the command with code 2.
    static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        guard let handle = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path) else {
            throw CommandFailure(CommandFailure.usage, "\(path) cannot be read")
        }
        do {
            // One call may return less than there is: a pipe is read piece by piece.
            var bytes: [UInt8] = []
            while bytes.count <= ConversionEvent.bodyLimit {
                let room = ConversionEvent.bodyLimit + 1 - bytes.count
                guard let data = try handle.read(upToCount: room), !data.isEmpty else { break }
                bytes += data
            }
            return bytes
        } catch {
            throw CommandFailure(CommandFailure.usage, "\(path) cannot be read: \(error.localizedDescription)")
        }
    }

    /// An event, checked as the worker does. A fault ends the command with code 2 and names its JSON path.
    static func decode(_ bytes: [UInt8], from name: String) throws(CommandFailure) -> ConversionEvent {
        var event = ConversionEvent()
        do throws(EventFault) {
            try event.decode(bytes.span)
            return event
        } catch {
            throw CommandFailure(CommandFailure.usage, "\(name): \(error)")
        }
    }
}
