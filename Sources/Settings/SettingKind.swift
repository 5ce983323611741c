import Documents

/// What may stand at a key: says it, and turns the value into the setting or refuses it.
struct SettingKind<Value> {
    /// How an environment variable spells a value of this kind.
    enum Spelling {
        case plain
        case commaSeparated
        case json
    }

    /// Completes the sentence "it must be ...".
    let allowed: String
    let spelling: Spelling
    /// The setting; nil when the value was refused.
    let convert: (SettingValue) -> Value?

    init(_ allowed: String, spelling: Spelling = .plain, convert: @escaping (SettingValue) -> Value?) {
        self.allowed = allowed
        self.spelling = spelling
        self.convert = convert
    }
}

extension SettingKind where Value == Int {
    static func integer(in range: ClosedRange<Int>) -> Self {
        let allowed = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return Self(allowed) { value in
            // A zero in front would be octal in YAML 1.1 and decimal in 1.2.
            if let text = value.bareText, text == "0" || !text.hasPrefix("0"), !text.hasPrefix("+"),
                let number = Int(text), range.contains(number)
            {
                return number
            }
            value.refuse(mustBe: allowed, hint: value.quotationMarksHint)
            return nil
        }
    }

    /// A size in bytes.
    static func byteSize(in range: ClosedRange<ByteSize>) -> Self {
        let allowed = "a size from \(range.lowerBound) to \(range.upperBound)"
        return Self(allowed) { value in
            guard let text = value.text, let size = ByteSize(parsing: text) else {
                value.refuse(mustBe: allowed, hint: value.text.flatMap(ByteSize.fault(in:)))
                return nil
            }
            guard range.contains(size) else {
                value.refuse(mustBe: allowed)
                return nil
            }
            return Int(size.value)
        }
    }
}

extension SettingKind where Value == Double {
    static func number(in range: ClosedRange<Double>) -> Self {
        let allowed = "a number from \(plain(range.lowerBound)) to \(plain(range.upperBound))"
        return Self(allowed) { value in
            // `Double` would also take "nan", "inf" and hexadecimal.
            if let text = value.bareText, text.utf8.allSatisfy({ Array("0123456789.".utf8).contains($0) }),
                let number = Double(text), range.contains(number)
            {
                return number
            }
            value.refuse(mustBe: allowed, hint: value.quotationMarksHint)
            return nil
        }
    }

    private static func plain(_ number: Double) -> String {
        number == number.rounded() ? "\(Int(number))" : "\(number)"
    }
}

extension SettingKind where Value == Bool {
    static var boolean: Self {
        Self("true or false") { value in
            switch value.bareText {
            case "true": return true
            case "false": return false
            default:
                value.refuse(mustBe: "true or false", hint: value.quotationMarksHint)
                return nil
            }
        }
    }
}

extension SettingKind where Value == Milliseconds {
    static func duration(in range: ClosedRange<Milliseconds>) -> Self {
        let allowed = "a duration from \(range.lowerBound) to \(range.upperBound)"
        return Self(allowed) { value in
            guard let text = value.text, let duration = Milliseconds(parsing: text) else {
                value.refuse(mustBe: allowed, hint: value.text.flatMap(Milliseconds.fault(in:)))
                return nil
            }
            guard range.contains(duration) else {
                value.refuse(mustBe: allowed)
                return nil
            }
            return duration
        }
    }
}

extension SettingKind where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    static var choice: Self {
        let names = Value.allCases.map(\.rawValue)
        let allowed = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
        return Self(allowed) { value in
            if let text = value.text, let choice = Value(rawValue: text) { return choice }
            let meant = value.text.flatMap { text in
                Suggestion.closest(to: text, among: names) ?? names.first { text.utf8.count > 2 && $0.hasPrefix(text) }
            }
            value.refuse(mustBe: allowed, hint: meant.map { "did you mean \"\($0)\"?" })
            return nil
        }
    }
}

extension SettingKind where Value == String {
    /// A text for which `isAllowed` holds.
    static func text(_ allowed: String, where isAllowed: @escaping (String) -> Bool) -> Self {
        Self(allowed) { value in
            if let text = value.text, isAllowed(text) { return text }
            value.refuse(mustBe: allowed)
            return nil
        }
    }
}

extension SettingValue {
    /// For kinds that YAML spells without quotation marks.
    var quotationMarksHint: String? {
        if case .scalar(_, quoted: true) = node.content { "write it without quotation marks" } else { nil }
    }
}
