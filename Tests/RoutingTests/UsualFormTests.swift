import Testing

@testable import Routing

@Suite("What is taken for right without a look is right")
struct UsualFormTests {
    private static let query = "?cid={{click_id}}&payout={{ payout | round:2 }}&s={{status}}#".dropLast()

    @Test("paths and hosts by chance", arguments: 0..<20)
    func agreement(seed: Int) throws {
        var dice = Dice(seed)
        let compiler = TemplateCompiler(vocabulary: .standard)
        var plain = 0
        for _ in 0..<400 {
            let path =
                "/"
                + word(&dice, ["a", "R", "o", ".", "/", "-", "_", "~", "1", "%41", "REPLACE", "optional", "$", ";"])
            if PlainText.isPath(Array(path.utf8)[...]) {
                plain += 1
                guard case .success(let template) = compiler.compile(Array((path + Self.query).utf8), as: .target)
                else {
                    Issue.record("\(path) is refused")
                    continue
                }
                #expect(template.warnings.isEmpty, "\(path)")
            }
            let host = word(&dice, ["a", "z", ".", ".", "-", "1", "0x", "A", "_", String(repeating: "b", count: 62)])
            if HostName.isUsual(Array(host.utf8)[...]) {
                plain += 1
                #expect(!IPv4Literal.resembles(Array(host.utf8)), "\(host)")
                let labels = host.split(separator: ".", omittingEmptySubsequences: false)
                let isName = labels.allSatisfy { label in
                    (1...63).contains(label.count) && label.first != "-" && label.last != "-"
                        && label.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "-" }
                }
                #expect(isName, "\(host)")
            }
        }
        #expect(plain > 20)
    }

    private func word(_ dice: inout Dice, _ parts: [String]) -> String {
        (0..<Int.random(in: 0...6, using: &dice)).map { _ in parts.randomElement(using: &dice) ?? "" }.joined()
    }

    @Test("a template with the query of another is what it would be compiled to", arguments: 0..<10)
    func models(seed: Int) throws {
        var dice = Dice(seed)
        let compiler = TemplateCompiler(vocabulary: .standard)
        var pool = TemplatePool()
        var numbers: [String: TemplateNumber] = [:]
        var likened: Set<String> = []
        for _ in 0..<200 {
            let query =
                [
                    "?cid={{click_id}}&x=1", "?a={{click_id}}{{payout}}b", "?c", "?c=%41&d={{status}}",
                    "?a=1&b=ab&c={{click_id}}",
                    "?b=2&a=x&c={{click_id}}", "?c=5&c={{click_id}}", "?a=&x=OPTION1&c={{click_id}}",
                    "?&c={{click_id}}",
                    "?a=replace&c={{click_id}}&d=4", "?a=1&a=2&d={{click_id}}", "?a=1&d={{click_id}}&a=2",
                    "?q={{click_id}}&a=2",
                ]
                .randomElement(using: &dice) ?? ""
            let text = "/" + word(&dice, ["a", "b/", "cd.", "%20", "{{route}}"]) + query
            if let number = pool.number(of: Array(text.utf8), .target) {
                #expect(number == numbers[text])
                continue
            }
            if let number = pool.add(target: Array(text.utf8)) {
                numbers[text] = number
                likened.insert(text)
            } else {
                guard case .success(let template) = compiler.compile(Array(text.utf8), as: .target) else { continue }
                numbers[text] = pool.add(template)
            }
        }
        #expect(!likened.isEmpty)
        for (text, number) in numbers {
            var own = TemplatePool()
            let template = try compiler.compile(Array(text.utf8), as: .target).get()
            let expected = own.add(template)
            #expect(template.warnings.isEmpty || !likened.contains(text), "\(text)")
            #expect(Array(pool.text(of: number)) == Array(text.utf8))
            #expect(parts(number, pool) == parts(expected, own), "\(text)")
        }
    }

    /// A template's codes as text, and what is known of it.
    private func parts(_ number: TemplateNumber, _ pool: TemplatePool) -> [String] {
        let head = pool.head(of: number)
        let text = Array(pool.text(of: number))
        let codes = pool.codes[Int(head.firstCode)..<Int(head.firstCode) + Int(head.codeCount)]
        return codes.map { code in
            if !code.isToken { return String(decoding: text[code.start..<code.start + code.length], as: UTF8.self) }
            let token = pool.tokens[code.token]
            return "\(pool.tokenNames[Int(token.written)]) \(token.place) \(pool.filters[Int(token.filters)].count)"
        } + ["\(head.kind) \(head.hasToken) \(head.hasPathToken) \(head.hasClickID)"]
    }
}
