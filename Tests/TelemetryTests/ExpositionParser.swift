/// A strict reader of the Prometheus text format 0.0.4: refuses whatever a scraper might take badly.
struct ExpositionParser {
    struct Fault: Error, CustomStringConvertible {
        var line: Int
        var reason: String
        var description: String { "line \(line): \(reason)" }
    }

    struct Sample: Equatable {
        var name: String
        var labels: [String: String]
        var value: Double
    }

    struct Family {
        var name: String
        var type: String
        var help: String
        var samples: [Sample] = []
    }

    private(set) var families: [Family] = []
    private var line = 0

    static func parse(_ bytes: [UInt8]) throws(Fault) -> [Family] {
        var parser = ExpositionParser()
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Fault(line: 0, reason: "not UTF-8") }
        guard text.hasSuffix("\n") else { throw Fault(line: 0, reason: "no newline at the end") }
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            parser.line += 1
            try parser.read(line)
        }
        for family in parser.families { try parser.check(family) }
        return parser.families
    }

    private func fault(_ reason: String) -> Fault { Fault(line: line, reason: reason) }

    private mutating func read(_ text: Substring) throws(Fault) {
        if text.hasPrefix("# HELP ") {
            let parts = text.dropFirst(7).split(separator: " ", maxSplits: 1)
            guard parts.count == 2, Self.isMetricName(parts[0]) else { throw fault("bad HELP") }
            guard !families.contains(where: { $0.name == parts[0] }) else { throw fault("family \(parts[0]) twice") }
            families.append(Family(name: String(parts[0]), type: "", help: try unescape(parts[1], quotes: false)))
        } else if text.hasPrefix("# TYPE ") {
            let parts = text.dropFirst(7).split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 2, ["counter", "gauge", "histogram"].contains(parts[1]) else {
                throw fault("bad TYPE")
            }
            guard let last = families.last, last.name == parts[0], last.type.isEmpty, last.samples.isEmpty else {
                throw fault("TYPE not right behind its HELP")
            }
            families[families.count - 1].type = String(parts[1])
        } else {
            try readSample(text)
        }
    }

    private mutating func readSample(_ text: Substring) throws(Fault) {
        guard let last = families.last, !last.type.isEmpty else { throw fault("sample without family: \(text)") }
        var rest = text
        let name = String(rest.prefix { $0 != "{" && $0 != " " })
        guard Self.isMetricName(Substring(name)) else { throw fault("bad name \(name)") }
        let allowed = last.type == "histogram" ? ["_bucket", "_sum", "_count"].map { last.name + $0 } : [last.name]
        guard allowed.contains(name) else { throw fault("\(name) does not belong to \(last.name)") }
        rest = rest.dropFirst(name.count)
        var labels: [String: String] = [:]
        if rest.first == "{" {
            rest = rest.dropFirst()
            repeat {
                let label = String(rest.prefix { $0 != "=" })
                guard Self.isLabelName(label), labels[label] == nil else { throw fault("bad label \(label)") }
                rest = rest.dropFirst(label.count)
                guard rest.hasPrefix("=\"") else { throw fault("no value for \(label)") }
                rest = rest.dropFirst(2)
                var raw = ""
                while let next = rest.first, next != "\"" {
                    raw.append(next)
                    rest = rest.dropFirst()
                    if next == "\\", let escaped = rest.first {
                        raw.append(escaped)
                        rest = rest.dropFirst()
                    }
                }
                guard rest.first == "\"" else { throw fault("value of \(label) does not end") }
                rest = rest.dropFirst()
                labels[label] = try unescape(Substring(raw), quotes: true)
                guard rest.first == "," || rest.first == "}" else { throw fault("no comma or brace") }
                let isLast = rest.first == "}"
                rest = rest.dropFirst()
                if isLast { break }
            } while true
        }
        guard rest.first == " " else { throw fault("no space before the value") }
        let number = String(rest.dropFirst())
        let value: Double?
        switch number {
        case "+Inf": value = .infinity
        case "-Inf": value = -.infinity
        default: value = number.allSatisfy { "0123456789.e+-".contains($0) } ? Double(number) : nil
        }
        guard let value else { throw fault("bad number \(number)") }
        let sample = Sample(name: name, labels: labels, value: value)
        guard !last.samples.contains(where: { $0.name == name && $0.labels == labels }) else {
            throw fault("series twice: \(text)")
        }
        families[families.count - 1].samples.append(sample)
    }

    private func check(_ family: Family) throws(Fault) {
        guard !family.samples.isEmpty else { throw Fault(line: 0, reason: "\(family.name) has no samples") }
        if family.type == "counter", family.samples.contains(where: { $0.value < 0 }) {
            throw Fault(line: 0, reason: "\(family.name) is negative")
        }
        guard family.type == "histogram" else { return }
        func series(_ sample: Sample) -> [String: String] { sample.labels.filter { $0.key != "le" } }
        for count in family.samples where count.name.hasSuffix("_count") {
            let buckets = family.samples.filter { $0.name.hasSuffix("_bucket") && series($0) == count.labels }
            let bounds = try buckets.map { (sample) throws(Fault) -> Double in
                guard let le = sample.labels["le"], let bound = le == "+Inf" ? .infinity : Double(le) else {
                    throw Fault(line: 0, reason: "\(family.name): bad le")
                }
                return bound
            }
            guard bounds == bounds.sorted(), Set(bounds).count == bounds.count, bounds.last == .infinity else {
                throw Fault(line: 0, reason: "\(family.name): bounds \(bounds)")
            }
            guard buckets.map(\.value) == buckets.map(\.value).sorted(), buckets.last?.value == count.value else {
                throw Fault(line: 0, reason: "\(family.name): buckets do not add up")
            }
            guard family.samples.contains(where: { $0.name.hasSuffix("_sum") && $0.labels == count.labels }) else {
                throw Fault(line: 0, reason: "\(family.name): no sum")
            }
        }
    }

    private func unescape(_ text: Substring, quotes: Bool) throws(Fault) -> String {
        var plain = ""
        var rest = text
        while let next = rest.popFirst() {
            guard next == "\\" else {
                plain.append(next)
                continue
            }
            switch rest.popFirst() {
            case "\\": plain.append("\\")
            case "n": plain.append("\n")
            case "\"" where quotes: plain.append("\"")
            default: throw fault("bad escape in \(text)")
            }
        }
        return plain
    }

    private static func isMetricName(_ name: Substring) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x3A }
            && !(0x30...0x39).contains(name.utf8.first ?? 0x30)
    }

    private static func isLabelName(_ name: String) -> Bool {
        isMetricName(Substring(name)) && !name.contains(":") && !name.hasPrefix("__")
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
    }
}

extension [ExpositionParser.Family] {
    /// The value of one sample, `nil` if it is not there.
    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        lazy.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
    }
}
