/// The secrets that routes may name, with their bytes; filled from the configuration, never from the routes.
///
/// Printing one shows the names alone.
package struct SecretStore: Sendable {
    /// No secrets at all.
    package static let empty = SecretStore([:])

    private let values: [String: [UInt8]]

    /// From the name to the secret's bytes, without the line end of a file.
    package init(_ values: [String: [UInt8]]) {
        self.values = values
    }

    /// In the order of the alphabet.
    package var names: [String] { values.keys.sorted() }

    /// The bytes of a secret; nil when there is none of that name.
    package subscript(name: String) -> [UInt8]? { values[name] }
}

extension SecretStore: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "SecretStore(\(names.joined(separator: ", ")))" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["names": names]) }
}
