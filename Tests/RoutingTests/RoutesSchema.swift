import Documents

/// Judges a document by routes.schema.json: the keywords of JSON Schema 2020-12 that this schema uses. An unknown keyword
/// fits nothing, so that no rule of the schema goes unjudged.
struct RoutesSchema {
    let root: SourceNode

    func fits(_ value: SourceNode) -> Bool { fits(value, root) }

    private func fits(_ value: SourceNode, _ schema: SourceNode) -> Bool {
        guard case .mapping(let rules) = schema.content else { return schema.text == "true" }
        return rules.allSatisfy { fits(value, keyword: $0.key, $0.value, schema) }
    }

    private func fits(_ value: SourceNode, keyword: String, _ rule: SourceNode, _ schema: SourceNode) -> Bool {
        switch keyword {
        case "$schema", "$id", "$defs", "title", "description", "default", "examples", "$comment": return true
        case "$ref":
            let path = (rule.text ?? "").split(separator: "/").dropFirst()
            return path.reduce(root) { $0?[String($1)] }.map { fits(value, $0) } ?? false
        case "anyOf": return rule.items.contains { fits(value, $0) }
        case "allOf": return rule.items.allSatisfy { fits(value, $0) }
        case "oneOf": return rule.items.count { fits(value, $0) } == 1
        case "not": return !fits(value, rule)
        case "if": return !fits(value, rule) || schema["then"].map { fits(value, $0) } ?? true
        case "else": return schema["if"].map { fits(value, $0) } ?? true || fits(value, rule)
        case "then": return true
        case "type": return (rule.text.map { [$0] } ?? rule.items.compactMap(\.text)).contains(where: value.isOf)
        case "enum": return rule.items.contains { isEqual(value, $0) }
        case "const": return isEqual(value, rule)
        case "minimum": return value.number.map { $0 >= rule.number ?? 0 } ?? true
        case "maximum": return value.number.map { $0 <= rule.number ?? 0 } ?? true
        case "minLength": return value.string.map { $0.unicodeScalars.count >= rule.count } ?? true
        case "maxLength": return value.string.map { $0.unicodeScalars.count <= rule.count } ?? true
        case "pattern":
            guard let text = value.string else { return true }
            return (try? Regex(rule.text ?? "").firstMatch(in: text)) != nil
        case "items": return value.items.allSatisfy { fits($0, rule) }
        case "minItems": return !value.isOf("array") || value.items.count >= rule.count
        case "maxItems": return !value.isOf("array") || value.items.count <= rule.count
        case "minProperties": return !value.isOf("object") || value.members.count >= rule.count
        case "maxProperties": return !value.isOf("object") || value.members.count <= rule.count
        case "required": return !value.isOf("object") || rule.items.allSatisfy { value[$0.text ?? ""] != nil }
        case "dependentRequired":
            return rule.members.allSatisfy { entry in
                value[entry.key] == nil || entry.value.items.allSatisfy { value[$0.text ?? ""] != nil }
            }
        case "dependentSchemas":
            return rule.members.allSatisfy { value[$0.key] == nil || fits(value, $0.value) }
        case "properties":
            return value.members.allSatisfy { member in rule[member.key].map { fits(member.value, $0) } ?? true }
        case "patternProperties":
            return value.members.allSatisfy { member in
                rule.members.allSatisfy { !matches($0.key, member.key) || fits(member.value, $0.value) }
            }
        case "additionalProperties":
            return value.members.allSatisfy { member in
                schema["properties"]?[member.key] != nil
                    || schema["patternProperties"]?.members.contains { matches($0.key, member.key) } == true
                    || fits(member.value, rule)
            }
        case "propertyNames":
            return value.members.allSatisfy {
                fits(SourceNode(.scalar($0.key, quoted: true), at: $0.keyPosition), rule)
            }
        default: return false
        }
    }

    private func matches(_ pattern: String, _ text: String) -> Bool {
        (try? Regex(pattern).firstMatch(in: text)) != nil
    }

    private func isEqual(_ left: SourceNode, _ right: SourceNode) -> Bool {
        left.text != nil && left.text == right.text && left.isOf("string") == right.isOf("string")
    }
}

extension SourceNode {
    fileprivate subscript(key: String) -> SourceNode? { members.first { $0.key == key }?.value }

    fileprivate var members: [Entry] { if case .mapping(let entries) = content { entries } else { [] } }
    fileprivate var items: [SourceNode] { if case .sequence(let nodes) = content { nodes } else { [] } }
    fileprivate var string: String? { isOf("string") ? text : nil }
    fileprivate var number: Double? { isOf("number") ? text.flatMap { Double($0) } : nil }
    fileprivate var count: Int { text.flatMap { Int($0) } ?? 0 }

    /// Whether the value is of a type of JSON, read by YAML's core schema (YAML 1.2.2, section 10.3).
    fileprivate func isOf(_ type: String) -> Bool {
        switch content {
        case .null: return type == "null"
        case .sequence: return type == "array"
        case .mapping: return type == "object"
        case .scalar(let text, let quoted):
            if quoted { return type == "string" }
            let isWhole = text.wholeMatch(of: /-?[0-9]+/) != nil
            let isNumber = text.wholeMatch(of: /-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?/) != nil
            switch type {
            case "integer": return isWhole
            case "number": return isNumber
            case "boolean": return text == "true" || text == "false"
            default: return type == "string" && !isNumber && text != "true" && text != "false"
            }
        }
    }
}
