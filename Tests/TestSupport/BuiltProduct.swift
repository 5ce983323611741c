import Foundation

/// The executables of this package, which the build puts beside the test bundle, and its files.
package enum BuiltProduct {
    package static let postback = path("postback")
    package static let tracker = path("sample-tracker")
    package static let simulate = path("simulate")

    private static func path(_ name: String) -> String {
        let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return bundle.deletingLastPathComponent().appendingPathComponent(name).path
    }

    /// The root of the checkout.
    package static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
}
