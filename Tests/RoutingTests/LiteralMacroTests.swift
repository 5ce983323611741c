import Documents
import Testing

@testable import Routing

@Suite("A macro that a URL may hold as text")
struct LiteralMacroTests {
    @Test(
        "is refused where it is surely one",
        arguments: [
            ("https://a.example/?c={{click_id}}&p=$payout", "\"$payout\" is a macro", "probably {{payout}}"),
            ("https://a.example/$clickid/x", "\"$clickid\" is a macro", "probably {{click_id}}"),
            ("https://a.example/?c={{click_id}}&p=%7Bcurrency%7D", "braces are encoded", "probably {{currency}}"),
            ("https://a.example/?c=%7B%7Bclick_id%7D%7D", "braces are encoded", "probably {{click_id}}"),
            ("https://a.example/%7bsubid%7d/x", "braces are encoded", "probably {{click_id}}"),
            ("https://a.example/?c={{click_id}}&p={amount50%}", "is a macro", "probably {{ payout | percent:50 }}"),
            (
                "https://a.example/?c={{click_id}}&p={status: lead=install sale=bill}", "is a macro",
                "probably {{ status | map:\"lead=install,sale=bill\" }}"
            ),
        ]
    )
    func refused(url: String, message: String, hint: String) {
        let errors = Fixture.errors(ofURL: url)
        #expect(errors.count == 1, "\(errors)")
        #expect(errors.first?.contains(message) == true && errors.first?.contains(hint) == true, "\(errors)")
    }

    @Test(
        "is worth a warning where it may be a word",
        arguments: [
            ("TRANSACTION_ID", "probably {{event_id}}"), ("EXTERNAL_ID", "probably {{"),
            ("SUBID", "probably {{click_id}}"),
            ("replace", "probably x={{"), ("Optional", "place-holder"),
        ]
    )
    func warned(value: String, hint: String) {
        let parameter = value == "replace" ? "payout" : "x"
        let url = "https://a.example/?c={{click_id}}&\(parameter)=\(value)"
        #expect(Fixture.errors(ofURL: url) == [])
        let warnings = Fixture.warnings(ofURL: url)
        let wanted = value == "replace" ? "probably payout={{payout}}" : hint
        #expect(
            warnings.count == 1 && warnings[0].contains("\"\(value)\"") && warnings[0].contains(wanted),
            "\(warnings)"
        )
    }

    @Test(
        "is not seen in what is no macro's name",
        arguments: [
            "$5", "$", "$abc", "USD", "DE", "S1", "%7Bsomething%7D", "%7B", "OK", "transaction_id", "SALE", "a$payout",
        ]
    )
    func text(value: String) {
        let url = "https://a.example/?c={{click_id}}&x=\(value)"
        #expect(Fixture.errors(ofURL: url) == [])
        #expect(Fixture.warnings(ofURL: url) == [])
    }

    @Test("begins with one dollar sign alone where the syntax is $x", arguments: ["$$click_id", "$click_id&p=$5"])
    func dollar(value: String) throws {
        let faults = try Fixture.load(Fixture.routes("url: 'https://a.example/?c=\(value)'\nsyntax: $x")).faults
        #expect(faults.map(\.severity) == [.warning])
        #expect(faults.first?.message == "this $ begins no token and is sent as it stands")
    }

    @Test("of two syntaxes is one fault")
    func mixed() throws {
        let errors = try Fixture.errors(ofPostback: "url: 'https://a.example/?c={{click_id}}'\nsyntax: '{x}'")
        #expect(errors.count == 1 && errors[0].contains("{{ stands in it too"), "\(errors)")
    }

    @Test("in a syntax that there is not is one fault, at the syntax")
    func unknownSyntax() throws {
        let (_, faults) = try Fixture.load(Fixture.routes("url: 'https://a.example/?c=(click_id)'\nsyntax: (x)"))
        #expect(faults.map(\.path) == ["publishers.1.global.syntax"])
        let yaml = "publishers: {'1': {syntax: (x), global: {url: 'https://a.example/?c=(click_id)'}}}"
        #expect(try Fixture.load(yaml).faults.map(\.path) == ["publishers.1.syntax"])
    }

    @Test(
        "or a parameter that would take the click id's place is refused",
        arguments: [
            ("https://a.example/?c={{click_id}}&c=5", true), ("https://a.example/?c=5&c={{click_id}}", true),
            ("https://a.example/?c={{click_id}}&a=1&a=2", false),
            ("https://a.example/?c={{click_id}}&c={{click_id}}", false),
        ]
    )
    func twins(url: String, isError: Bool) {
        #expect(Fixture.errors(ofURL: url).count == (isError ? 1 : 0))
        #expect(Fixture.warnings(ofURL: url).count == (isError ? 0 : 1))
    }

    @Test("and so are two inputs of a tracker with one name")
    func twinInputs() throws {
        let fields = """
            tracker: thrivetracker
            domain: t.example.com
            path: pb
            click_id_parameter: subid
            payout_parameter: subid
            """
        let errors = try Fixture.errors(ofPostback: fields)
        #expect(errors.count == 1)
        #expect(errors.first?.contains("payout_parameter: two parameters would have the name \"subid\"") == true)
        #expect(errors.first?.contains("give click_id_parameter and payout_parameter different names") == true)
    }
}
