import Conversion

/// One filter as it was written, with its argument read as what the filter wants.
struct FilterUse {
    /// In lower case.
    var name: String
    var argument: [UInt8]?
    var offset: Int

    func refuseArgument() throws(TemplateFlaw) {
        if argument != nil { throw TemplateFlaw(at: offset, "the filter \(name) takes no argument") }
    }

    /// Refuses a token whose value cannot be of the type.
    func check(_ token: TemplateToken, is type: ValueType, _ allowed: String) throws(TemplateFlaw) {
        if token.type == type || token.type == .any { return }
        throw TemplateFlaw(
            at: offset,
            "the filter \(name) needs \(type.name), and {{\(token.name)}} is \(token.type.name) there",
            hint: "it can follow \(allowed)"
        )
    }

    func text(_ what: String, example: String) throws(TemplateFlaw) -> String {
        guard let argument, !argument.isEmpty else {
            throw TemplateFlaw(at: offset, "the filter \(name) needs \(what)", hint: "such as \(example)")
        }
        return String(decoding: argument, as: UTF8.self)
    }

    func whole(in range: ClosedRange<Int>, _ what: String, example: String) throws(TemplateFlaw) -> Int {
        let written = try text(what, example: example)
        guard written.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let value = Int(written), range.contains(value)
        else {
            throw TemplateFlaw(
                at: offset,
                "the filter \(name) needs \(what), not \"\(written)\"",
                hint: "from \(range.lowerBound) to \(range.upperBound), such as \(example)"
            )
        }
        return value
    }

    /// The part that a percentage is: 50 is 0.5.
    func percent() throws(TemplateFlaw) -> DecimalAmount {
        let written = try text("a percentage", example: "percent:50")
        let digits = written.hasSuffix("%") ? String(written.dropLast()) : written
        guard let percentage = DecimalAmount(parsing: digits), percentage.scale <= 6, !percentage.isNegative,
            percentage <= DecimalAmount(1_000),
            let hundredth = DecimalAmount(parsing: "0.01"), let part = percentage.multiplied(by: hundredth)
        else {
            throw TemplateFlaw(
                at: offset,
                "the filter percent needs a percentage, not \"\(written)\"",
                hint: "from 0 to 1000, with at most 6 decimals, such as percent:50 or percent:12.5"
            )
        }
        return part
    }

    func dateFormat() throws(TemplateFlaw) -> DateFormat {
        _ = try text("a pattern", example: "date:\"%Y-%m-%d\"")
        do throws(DateFormat.Fault) {
            return try DateFormat(argument ?? [])
        } catch {
            throw TemplateFlaw(
                at: offset,
                error.field == "%"
                    ? "a % in a date must be followed by one of its letters" : "there is no \(error.field) in a date",
                hint: "allowed: \(DateFormat.allowed)"
            )
        }
    }

    func map() throws(TemplateFlaw) -> ValueMap {
        _ = try text("pairs of names and values", example: "map:\"approved=1,rejected=2\"")
        do throws(ValueMap.Fault) {
            return try ValueMap(argument ?? [])
        } catch {
            throw TemplateFlaw(
                at: offset,
                "in the filter map \(error.message)",
                hint: "such as map:\"approved=1,rejected=2,*=0\", where * is every other value"
            )
        }
    }
}
