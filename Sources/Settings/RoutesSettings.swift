/// Section `routes`: where the routes are.
package struct RoutesSettings: Sendable, Equatable {
    /// A path that can be opened as it is: one from the configuration file, and the default beside such a file, starts
    /// at that file's folder; one from the environment at the working folder.
    package var file = "routes.yaml"

    /// All defaults.
    package init() {}

    mutating func read(_ section: SettingsSection) {
        file = section.resolved(file)
        section.read("file", .path(in: section), into: &file)
    }
}
