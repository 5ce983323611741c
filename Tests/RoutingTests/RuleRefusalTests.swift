import Testing

@testable import Routing

@Suite("A postback with faulty rules")
struct RuleRefusalTests {
    private static let good = #"url: "https://a.example/{{click_id}}""#

    @Test(
        "is refused with path, reason and what is allowed",
        arguments: [
            ("\(good)\nwhen: sale", "when: when must be a mapping of conditions, not a value"),
            ("\(good)\nwhen: { types: [] }", "when.types: types must be a type or a list of them"),
            ("\(good)\nwhen: { types: [[]] }", "when.types: a type must be a text, not a list"),
            (
                "\(good)\nwhen: { statuses: [aproved] }",
                "when.statuses: there is no status \"aproved\" (probably approved)"
            ),
            ("\(good)\nwhen: { statuses: [paid] }", "allowed: approved, pending, rejected, hold, reversed"),
            ("\(good)\nwhen: { geo: DE }", "when.geo: there is no key \"geo\" here (probably countries)"),
            (
                "\(good)\nwhen: { min_payout: '1,5' }",
                "when.min_payout: must be an amount, not \"1,5\" (a decimal with a point"
            ),
            ("\(good)\nwhen: { min_payout: 2, max_payout: 1 }", "no payout is at least 2 and at most 1"),
            ("\(good)\nsample: 30%", "sample: must be a number from 0 to 1, such as 0.5, not \"30%\""),
            ("\(good)\nsample: '0.3'", "write 0.3, without quotation marks"),
            ("\(good)\npayout_share: 1.2", "payout_share: must be a number from 0 to 1"),
            ("\(good)\npayout_share: 0.1234567890123456789", "must be a number from 0 to 1"),
            ("\(good)\ndelay: 5", "delay: \"5\" has no unit"),
            ("\(good)\ndelay: 8d", "the delay 8d is out of range (from 0s to 7d)"),
            ("\(good)\nmax_age: 0s", "the max_age 0s is out of range (from 1s to 365d)"),
            ("\(good)\ndelay: 1h\nmax_age: 1h", "max_age: with a delay of 1h every conversion is older than 1h"),
            ("\(good)\nretry: 5", "retry: retry must be a mapping, not a value"),
            ("\(good)\nretry: { tries: 5 }", "retry.tries: there is no key \"tries\" here"),
            ("\(good)\nretry: { retries: 5 }", "probably attempts"),
            ("\(good)\nretry: { attempts: 0 }", "retry.attempts: must be a whole number from 1 to 1000, not \"0\""),
            ("\(good)\nretry: { factor: 0.5 }", "retry.factor: must be a number from 1 to 10, not \"0.5\""),
            ("\(good)\nretry: { jitter: 2 }", "retry.jitter: must be a number from 0 to 1, not \"2\""),
            (
                "\(good)\nretry: { first_delay: 1ms }",
                "retry.first_delay: the first_delay 1ms is out of range (from 100ms to 7d)"
            ),
            ("\(good)\nredirects: 11", "redirects: must be a whole number from 0 to 10, not \"11\""),
            ("\(good)\nredirects: true", "redirects: must be a whole number from 0 to 10, not \"true\""),
            ("\(good)\nhttp2: yes", "http2: must be true or false, not \"yes\" (write true"),
            ("\(good)\nsuccess: OK", "success: success must be a mapping with at least one of status, body_contains"),
            (
                "\(good)\nsuccess: { status: [ok] }",
                "success.status: \"ok\" is not an HTTP status (a number from 100 to 599"
            ),
            (
                "\(good)\nsuccess: { contains: OK }",
                "success.contains: there is no key \"contains\" here (probably body_contains)"
            ),
            ("\(good)\nsuccess: { body_contains: '' }", "success.body_contains: a text must be a text, not empty"),
            (
                "\(good)\nsuccess: { json: { pointer: /a } }",
                "success.json: json needs a pointer and what must, or must not, stand there"
            ),
            (
                "\(good)\nduplicate: { json: { pointer: a, equals: 1 } }",
                "duplicate.json.pointer: \"a\" is not a JSON Pointer"
            ),
            ("\(good)\nduplicate: { json: 5 }", "duplicate.json: json needs a pointer"),
        ]
    )
    func rules(fields: String, problem: String) throws {
        let errors = try Fixture.errors(ofPostback: fields)
        #expect(errors.count == 1 && errors[0].contains(problem), "\(errors)")
    }
}
