import Conversion
import Documents

extension PostbackScalar {
    /// A duration such as `5s`, within a range.
    func duration(in allowed: ClosedRange<Milliseconds>, _ name: String) -> Result<Milliseconds, Flaw> {
        text.flatMap { text in
            guard let duration = Milliseconds(parsing: text) else {
                return .failure(Flaw(message: Milliseconds.fault(in: text) ?? "\"\(text)\" is not a duration"))
            }
            guard allowed.contains(duration) else {
                return .failure(
                    Flaw(
                        message: "the \(name) \(text) is out of range",
                        hint: "from \(allowed.lowerBound) to \(allowed.upperBound)"
                    )
                )
            }
            return .success(duration)
        }
    }

    /// A whole number without quotation marks.
    func whole(in allowed: ClosedRange<Int>) -> Result<Int, Flaw> {
        plain("a whole number from \(allowed.lowerBound) to \(allowed.upperBound)") { text in
            guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let value = Int(text) else { return nil }
            return allowed.contains(value) ? value : nil
        }
    }

    /// A number without quotation marks; for what is not money.
    func number(in allowed: ClosedRange<Double>) -> Result<Double, Flaw> {
        plain("a number from \(Self.short(allowed.lowerBound)) to \(Self.short(allowed.upperBound))") { text in
            guard JSONNumber.matches(Array(text.utf8).span), let value = Double(text), allowed.contains(value) else {
                return nil
            }
            return value
        }
    }

    /// A part of a whole, 0 to 1 with at most 18 decimals, exactly as it is written.
    var part: Result<DecimalAmount, Flaw> {
        plain("a number from 0 to 1, such as 0.5") { text in
            guard let part = try? DecimalAmount(parsing: Array(text.utf8).span, allowingExponent: true),
                !part.isNegative, part <= DecimalAmount(1), part.scale <= DecimalAmount.digitLimit
            else { return nil }
            return part
        }
    }

    /// An amount of money, with or without quotation marks, exactly as it is written.
    var amount: Result<DecimalAmount, Flaw> {
        text.flatMap { text in
            if let amount = DecimalAmount(parsing: text) { return .success(amount) }
            return .failure(
                Flaw(
                    message: "must be an amount, not \"\(text)\"",
                    hint: "a decimal with a point, such as 1.25, of at most 18 digits before and behind it"
                )
            )
        }
    }

    private func plain<Value>(_ wanted: String, _ parse: (String) -> Value?) -> Result<Value, Flaw> {
        guard case .scalar(let text, let quoted) = node.content else {
            return .failure(Flaw(message: "must be \(wanted), not \(node.kind)"))
        }
        guard let value = parse(text) else {
            return .failure(Flaw(message: "must be \(wanted), not \"\(text)\""))
        }
        if quoted {
            return .failure(Flaw(message: "must be \(wanted)", hint: "write \(text), without quotation marks"))
        }
        return .success(value)
    }

    private static func short(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(value)
    }
}
