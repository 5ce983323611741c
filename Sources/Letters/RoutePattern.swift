/// A route key to look for: one that ends in `*` or `/` means all that begin so. Pure.
package enum RoutePattern {
    package static func matches(_ route: String, _ wanted: String) -> Bool {
        switch wanted.last {
        case "*": route.hasPrefix(wanted.dropLast())
        case "/": route.hasPrefix(wanted)
        default: route == wanted
        }
    }
}
