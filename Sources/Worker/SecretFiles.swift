package import Documents
import Glibc
package import Routing
package import Settings

extension SecretStore {
    /// Reads every secret the settings name, from the environment or from files; a file's last line end is not part of
    /// the secret. Blocks.
    /// - Throws: a fault for each that is missing or empty; values are never shown.
    package static func load(
        _ settings: WorkerSettings,
        configurationFile: String,
        environment: [String: String]
    ) throws(FaultyDocument) -> SecretStore {
        let (store, missing) = read(settings, configurationFile, environment)
        if !missing.isEmpty { throw FaultyDocument(missing.sorted { $0.key < $1.key }.map(\.value)) }
        return store
    }

    /// The same with a stand-in, which is no secret, for each that is missing or empty, and with what is wrong with those
    /// by their names. Blocks.
    static func read(
        _ settings: WorkerSettings,
        _ configurationFile: String,
        _ environment: [String: String]
    ) -> (store: SecretStore, missing: [String: Fault]) {
        var values: [String: [UInt8]] = [:]
        var missing: [String: Fault] = [:]
        for (name, source) in settings.secrets.sources.sorted(by: { $0.key < $1.key }) {
            let value: [UInt8]?
            let place: String
            switch source {
            case .env(let variable):
                value = environment[variable].map { Array($0.utf8) }
                place = "the environment variable \(variable)"
            case .file(let path):
                value = content(of: path)
                place = "the file \(path)"
            }
            if let value, !value.isEmpty {
                values[name] = value
            } else {
                values[name] = Array("whsec_c3RhbmQtaW4gZm9yIGEgbWlzc2luZyBzZWNyZXQ=".utf8)
                missing[name] = Fault(
                    file: configurationFile,
                    path: "secrets.\(name)",
                    "\(place) \(value == nil ? "is not there or cannot be read" : "is empty")"
                )
            }
        }
        return (SecretStore(values), missing)
    }

    private static let limit = 64 << 10

    private static func content(of path: String) -> [UInt8]? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = fread(&bytes, 1, limit, file)
        if ferror(file) != 0 { return nil }
        bytes.removeLast(limit - count)
        while bytes.last == 0x0A || bytes.last == 0x0D { bytes.removeLast() }
        return bytes
    }
}
