/// Where a field of a postback, or the mode of a publisher, comes from.
package enum FieldOrigin: Sendable, Hashable {
    /// The postback itself, in the routes file.
    case postback
    /// The entry of the catalogue that the postback names.
    case tracker(String)
    /// The publisher, for all his postbacks.
    case publisher
    /// The head of the routes file, for all publishers.
    case routes
    /// The worker's configuration, for all postbacks; the key, such as `dispatch.timeout`.
    case configuration(String)
    /// Nobody said anything.
    case usual

    /// For programs.
    package var word: String {
        switch self {
        case .postback: "postback"
        case .tracker: "tracker"
        case .publisher: "publisher"
        case .routes: "routes"
        case .configuration: "configuration"
        case .usual: "default"
        }
    }

    /// The tracker's name, or the key of the configuration.
    package var detail: String? {
        switch self {
        case .tracker(let name): name
        case .configuration(let key): key
        default: nil
        }
    }

    /// For people: `tracker voluum`, `configuration: dispatch.timeout`, `default`.
    package var text: String {
        switch self {
        case .tracker(let name): "tracker \(name)"
        case .configuration(let key): "configuration: \(key)"
        case .routes: "all publishers"
        default: word
        }
    }

    init(_ origin: RouteStore.ModeOrigin) {
        switch origin {
        case .usual: self = .usual
        case .routes: self = .routes
        case .publisher: self = .publisher
        }
    }
}
