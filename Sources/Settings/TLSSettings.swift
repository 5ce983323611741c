/// Section `tls` of `broker` and of `egress`: files for `amqps://` and `https://`; nil where none is given. The paths can
/// be opened as they are.
package struct TLSSettings: Sendable, Equatable {
    /// Certificates to trust in place of the system's, PEM.
    package var ca: String?
    /// The worker's own certificate, PEM, for servers that ask for one; present exactly when ``key`` is.
    package var cert: String?
    /// The private key of ``cert``, PEM.
    package var key: String?

    /// All defaults.
    package init() {}

    mutating func read(_ section: SettingsSection) {
        section.read("ca", .optionalPath(in: section), into: &ca)
        section.read("cert", .optionalPath(in: section), into: &cert)
        section.read("key", .optionalPath(in: section), into: &key)
        if (cert == nil) != (key == nil) {
            section.refuse("cert and key belong together; \(cert == nil ? "cert" : "key") is missing")
        }
    }
}
