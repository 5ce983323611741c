import Routing
import Telemetry

/// The templates that replays brought back, compiled; the last few, since a replay brings the same ones again and again.
/// Confined to its lane.
struct OriginalTemplates {
    private struct Key: Hashable {
        var route: [UInt8]
        var template: String
    }

    private static let limit = 64
    private var known: [Key: Result<Postback, OriginalFault>] = [:]
    /// What `known` was made with: another table has other settings for the same route.
    private var table: RouteTable?

    /// A postback that sends to `template` and is otherwise as the routes have it today.
    mutating func postback(
        of template: String,
        forKey route: [UInt8],
        in table: RouteTable,
        mask: SecretMask
    ) -> Result<Postback, OriginalFault> {
        if self.table !== table || known.count >= Self.limit {
            known = [:]
            self.table = table
        }
        let key = Key(route: route, template: template)
        if let postback = known[key] { return postback }
        let made = Self.make(template, route, table, mask)
        known[key] = made
        return made
    }

    private static func make(
        _ template: String,
        _ route: [UInt8],
        _ table: RouteTable,
        _ mask: SecretMask
    ) -> Result<Postback, OriginalFault> {
        // A masked template cannot be sent; today's may be the same.
        if let today = table.postback(forKey: route), mask.url(today.templateText) == template {
            return .success(today)
        }
        if template.contains(SecretMask.mask) {
            return .failure(
                OriginalFault("it holds secrets that were masked, and the routes have another template today")
            )
        }
        return table.original(template, forKey: route)
    }
}
