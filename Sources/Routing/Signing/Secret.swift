/// One secret that a template or a signature uses. Printing it shows its name alone.
struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let name: String
    let key: [UInt8]

    var description: String { "Secret(\(name))" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
