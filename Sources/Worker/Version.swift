/// The version of this build, as `postback version` and the metrics tell it.
package enum Version {
    package static let current = "0.1.0"
}
