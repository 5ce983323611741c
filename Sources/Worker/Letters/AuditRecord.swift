import Delivery
import Glibc

/// Who did what to the dead letters: a record of kind `audit` in the delivery log.
package struct AuditRecord: Sendable {
    package enum Action: String, Sendable {
        case replay, discard
    }

    package let action: Action
    /// Of the replay or discard.
    package let id: String
    /// Milliseconds since the Unix epoch.
    package let at: Int64
    package let filter: String
    package let counts: [(name: String, count: Int)]

    package init(_ action: Action, id: String, at: Int64, filter: String, counts: [(name: String, count: Int)]) {
        self.action = action
        self.id = id
        self.at = at
        self.filter = filter
        self.counts = counts
    }

    /// One line of JSON.
    package var json: [UInt8] {
        let counts = counts.map { "\(Self.quoted($0.name)):\($0.count)" }.joined(separator: ",")
        let members = [
            "\"at\":\(Self.quoted(Timestamp.text(at)))", "\"kind\":\"audit\"", "\"action\":\"\(action.rawValue)\"",
            "\"id\":\(Self.quoted(id))", "\"by\":\(Self.quoted(Self.whoAmI))", "\"filter\":\(Self.quoted(filter))",
            "\"counts\":{\(counts)}",
        ]
        return Array("{\(members.joined(separator: ","))}".utf8)
    }

    /// `user@host`.
    package static var whoAmI: String {
        var name = utsname()
        let host =
            uname(&name) == 0
            ? withUnsafeBytes(of: &name.nodename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) } : "unknown"
        let user = getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "uid \(geteuid())"
        return "\(user)@\(host)"
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
