import Documents

extension SettingKind {
    /// A list of values of one kind; in the environment separated by commas. Every entry is looked at.
    static func list<Element>(
        of kind: SettingKind<Element>,
        count: ClosedRange<Int>,
        called allowed: String
    ) -> SettingKind<[Element]> where Value == [Element] {
        SettingKind<[Element]>(allowed, spelling: .commaSeparated) { value in
            guard case .sequence(let nodes) = value.node.content else {
                value.refuseHiding(mustBe: allowed, hint: "a list is written [a, b] or one \"- a\" a line")
                return nil
            }
            guard count.contains(nodes.count) else {
                value.refuse("must be \(allowed); it has \(nodes.count) entries")
                return nil
            }
            let elements = nodes.enumerated().map { kind.convert(value.item($0.offset + 1, $0.element)) }
            return elements.contains { $0 == nil } ? nil : elements.compactMap { $0 }
        }
    }

    /// A mapping whose keys `isName` allows and whose values are of one kind; in the environment as JSON.
    static func map<Element>(
        of kind: SettingKind<Element>,
        named allowedName: String,
        where isName: @escaping (String) -> Bool
    ) -> SettingKind<[String: Element]> where Value == [String: Element] {
        let allowed = "a mapping from \(allowedName) to \(kind.allowed)"
        return SettingKind<[String: Element]>(allowed, spelling: .json) { value in
            guard let entries = value.node.entries else {
                value.refuseHiding(mustBe: allowed)
                return nil
            }
            var elements: [String: Element] = [:]
            for entry in entries {
                let member = value.member(entry)
                if !isName(entry.key) {
                    member.refuse(
                        "the name \(SettingValue.quoted(entry.key)) must be \(allowedName)",
                        at: entry.keyPosition
                    )
                }
                if let element = kind.convert(member) { elements[entry.key] = element }
            }
            return elements
        }
    }
}

extension SettingKind where Value == SourceNode {
    /// A mapping that somebody else reads.
    static func mapping(_ allowed: String) -> Self {
        Self(allowed, spelling: .json) { value in
            if value.node.entries != nil { return value.node }
            value.refuseHiding(mustBe: allowed)
            return nil
        }
    }
}
