import Foundation

/// `schemas/delivery.schema.json`, as far as it uses JSON Schema 2020-12. A keyword that is not known here is a failure,
/// so that no rule of the schema goes unchecked.
package struct DeliverySchema {
    private let root: [String: Any]

    package init() throws {
        let path = BuiltProduct.repository + "/schemas/delivery.schema.json"
        root = try Self.object(Data(contentsOf: URL(filePath: path)))
    }

    private static func object(_ data: Data) throws -> [String: Any] {
        guard let object = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
            throw TimedOut("not a JSON object")
        }
        return object
    }

    /// What is wrong with a record; nothing when it fits.
    package func failures(in text: String) -> [String] {
        guard let record = try? Self.object(Data(text.utf8)) else { return ["no JSON object: \(text)"] }
        return failures(record, root, "$")
    }

    private func failures(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
        schema.flatMap { keyword, rule in check(value, keyword, rule, schema, path) }
    }

    private func check(_ value: Any, _ keyword: String, _ rule: Any, _ schema: [String: Any], _ path: String)
        -> [String]
    {
        func unless(_ fits: Bool?) -> [String] { fits == false ? ["\(path): \(keyword)"] : [] }
        switch keyword {
        case "$schema", "$id", "title", "description", "examples": return []
        case "type": return unless(Self.type(of: value, is: rule as? String ?? ""))
        case "enum": return unless((rule as? [NSObject])?.contains(value as? NSObject ?? NSNull()))
        case "minimum":
            return unless((value as? NSNumber).map { $0.doubleValue >= (rule as? NSNumber)?.doubleValue ?? .infinity })
        case "maxLength":
            return unless((value as? String).map { $0.unicodeScalars.count <= rule as? Int ?? 0 })
        case "pattern":
            let pattern = rule as? String ?? ""
            return unless((value as? String).map { $0.range(of: pattern, options: .regularExpression) != nil })
        case "required":
            let members = value as? [String: Any] ?? [:]
            return (rule as? [String] ?? []).filter { members[$0] == nil }.map { "\(path): \($0) is missing" }
        case "properties":
            let rules = rule as? [String: Any] ?? [:]
            return (value as? [String: Any] ?? [:]).flatMap { name, member in
                (rules[name] as? [String: Any]).map { failures(member, $0, "\(path).\(name)") } ?? []
            }
        case "additionalProperties":
            let known = schema["properties"] as? [String: Any] ?? [:]
            return (value as? [String: Any] ?? [:]).keys.filter { known[$0] == nil }.map { "\(path): \($0) is unknown" }
        default: return ["\(path): the schema's keyword \(keyword) is not known"]
        }
    }

    private static func type(of value: Any, is name: String) -> Bool {
        let number = value as? NSNumber
        let isBoolean = number.map { CFBooleanType.isBoolean($0) } ?? false
        switch name {
        case "string": return value is String
        case "object": return value is [String: Any]
        case "boolean": return isBoolean
        case "number": return number != nil && !isBoolean
        case "integer": return !isBoolean && number.map { $0.doubleValue == $0.doubleValue.rounded() } ?? false
        default: return false
        }
    }

    private enum CFBooleanType {
        /// Foundation keeps booleans as numbers of one byte.
        static func isBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
    }
}
