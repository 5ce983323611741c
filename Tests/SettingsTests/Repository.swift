/// Paths of the files that the tests read.
enum Repository {
    /// The top folder, found from this file: Tests/SettingsTests/Repository.swift.
    static let root: String = {
        let parts = #filePath.split(separator: "/").dropLast(3)
        return "/" + parts.joined(separator: "/")
    }()

    static let schema = root + "/schemas/config.schema.json"
    static let example = root + "/schemas/examples/postback.yaml"
    static let examples = root + "/schemas/examples/config"
}
