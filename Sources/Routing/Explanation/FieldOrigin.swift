/// Where a field of a postback, or the mode of a publisher, comes from.
package enum FieldOrigin: Sendable, Hashable {
    /// The postback itself, in the routes file.
    case postback
    /// The entry of the catalogue that the postback names.
    case tracker(String)
    /// The publisher, for all his postbacks.
    case publisher
    /// The routes file, for all publishers.
    case routes
    /// The worker's configuration, for all postbacks; the key, such as `dispatch.timeout`.
    case worker(String)
    /// Nobody said anything.
    case usual

    /// In words: `tracker voluum`, `configuration (dispatch.timeout)`, `default`.
    package var text: String {
        switch self {
        case .postback: "postback"
        case .tracker(let name): "tracker \(name)"
        case .publisher: "publisher"
        case .routes: "all publishers"
        case .worker(let key): "configuration (\(key))"
        case .usual: "default"
        }
    }
}
