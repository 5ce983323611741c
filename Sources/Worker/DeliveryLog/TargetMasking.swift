import Routing
import Telemetry

/// How the URLs of postbacks are told without what is secret in them. What it takes is found once for each template, not
/// for each delivery: equal templates are one in the routes, however many publishers have them.
struct TargetMasking {
    /// What it takes to tell a URL.
    enum Way: UInt8 {
        /// It is told as it was sent: no parameter is secret by its name.
        case none = 1
        /// Parameters are masked by their names.
        case byName
        /// Values were computed with a secret, or a redirect may lead elsewhere: it is rendered again.
        case rendered
    }

    private let mask: SecretMask
    private var table: RouteTable?
    /// By the number of a template in `table`: 0 for one that was not looked at yet, the raw value of a `Way`, or of one
    /// that is masked by name `withoutPairs`, or `firstPairs` and its place in `pairs`.
    private var known: [UInt8] = []
    /// The different sets of secret parameters that were met; few, since only their places in the URL tell them apart.
    private var pairs: [SecretPairs] = []
    private static let withoutPairs: UInt8 = 4
    private static let firstPairs = 5

    init(_ mask: SecretMask) {
        self.mask = mask
    }

    func masked(_ url: [UInt8]) -> [UInt8] { mask.url(url) }

    mutating func way(of postback: Postback, _ routes: RouteTable) -> Way {
        if postback.redirects > 0 || postback.hasSignedTarget { return .rendered }
        // One of earlier routes, or one that a message brought.
        guard postback.isOf(routes) else { return wayOfTemplate(of: postback) }
        if table !== routes {
            table = routes
            known = Array(repeating: 0, count: routes.templateTotal)
            pairs = []
        }
        let number = postback.targetNumber
        if known[number] >= Self.withoutPairs { return .byName }
        if let way = Way(rawValue: known[number]) { return way }
        let found = wayOfTemplate(of: postback)
        known[number] = found.rawValue
        return found
    }

    /// When other routes take the place of those before: nothing here may keep them alive.
    mutating func forgetRoutes() {
        table = nil
        known = []
        pairs = []
    }

    private func wayOfTemplate(of postback: Postback) -> Way {
        if postback.usesSecretsInTarget { return .rendered }
        let template = postback.templateText
        return mask.url(template) != template || Self.hasTokenInName(Array(template.utf8)) ? .byName : .none
    }

    /// The target of a postback whose way is `byName`, without the secret values; nil where only a look at the whole URL
    /// tells what is secret in it.
    mutating func masked(_ target: [UInt8], _ origin: [UInt8], of postback: Postback) -> [UInt8]? {
        guard !Self.mayHoldSecret(target), let table, postback.isOf(table) else { return nil }
        let number = postback.targetNumber
        if known[number] == Way.byName.rawValue { known[number] = placeOfPairs(in: target, postback) }
        let place = Int(known[number]) - Self.firstPairs
        return place >= 0 ? pairs[place].masked(target, origin: origin) : nil
    }

    private mutating func placeOfPairs(in target: [UInt8], _ postback: Postback) -> UInt8 {
        // A token in a name makes another name each time.
        guard !Self.hasTokenInName(Array(postback.templateText.utf8)), let found = mask.secretPairs(in: target) else {
            return Self.withoutPairs
        }
        let place = pairs.firstIndex(of: found) ?? pairs.count
        if place + Self.firstPairs > Int(UInt8.max) { return Self.withoutPairs }
        if place == pairs.count { pairs.append(found) }
        return UInt8(place + Self.firstPairs)
    }

    /// Whether a token stands in a parameter's name: then only the rendered text tells what the name is.
    static func hasTokenInName(_ template: [UInt8]) -> Bool {
        var isInName = false
        for byte in template {
            switch byte {
            case UInt8(ascii: "?"), UInt8(ascii: "&"), UInt8(ascii: ";"), UInt8(ascii: "#"): isInName = true
            case UInt8(ascii: "="): isInName = false
            case UInt8(ascii: "{"): if isInName { return true }
            default: break
            }
        }
        return false
    }

    /// Whether a rendered target may hold a URL or form of its own within a value, with secrets in it.
    static func mayHoldSecret(_ target: [UInt8]) -> Bool {
        target.withUnsafeBufferPointer { bytes in
            var index = 0
            while index < bytes.count {
                if index &+ 8 <= bytes.count {
                    // Most words hold neither. A byte that is one of the two has its high bit set in a term.
                    let word = UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped + index)
                        .loadUnaligned(as: UInt64.self)
                    let ones: UInt64 = 0x0101_0101_0101_0101
                    let found = ((word ^ ones &* 0x40) &- ones) | ((word ^ ones &* 0x25) &- ones) | word
                    if found & (ones &* 0x80) == 0 {
                        index &+= 8
                        continue
                    }
                }
                let byte = bytes[index]
                if byte == UInt8(ascii: "@") { return true }
                if byte == UInt8(ascii: "%"), index + 2 < bytes.count {
                    let code = (bytes[index + 1], bytes[index + 2] | 0x20)
                    // %40, %3D, and %25 that may hide either.
                    if code == (0x34, 0x30) || code == (0x33, 0x64) || code == (0x32, 0x35) { return true }
                }
                index += 1
            }
            return false
        }
    }
}
