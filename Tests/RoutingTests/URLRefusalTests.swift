import Documents
import Testing

@testable import Routing

@Suite("The path and query of a URL")
struct URLRefusalTests {
    @Test(
        "with something left over from elsewhere are refused with what was probably meant",
        arguments: [
            ("?cid={clickid}", "\"{clickid}\"", "probably {{click_id}}"),
            ("?cid=${SUBID}", "\"${SUBID}\"", "probably {{click_id}}"),
            ("?cid=#s2#", "\"#s2#\"", "probably {{sub_ids.s2}}"),
            ("?cid=#s2##s3#", "\"#s3#\"", "probably {{sub_ids.s3}}"),
            ("?cid=[subid]", "\"[subid]\"", "probably {{click_id}}"),
            ("?cid=%TRANSACTION_ID%", "\"%TRANSACTION_ID%\"", "probably {{event_id}}"),
            ("?d=%DEVICE%", "\"%DEVICE%\"", "probably {{device}}"),
            ("?d=%ad%&x=1", "\"%ad%\"", "another system's syntax"),
            ("?o=<orderid>", "\"<orderid>\"", "probably {{event_id}}"),
            (
                "?s={status: lead=install}", "another system's syntax",
                "probably {{ status | map:\"lead=install\" }}"
            ),
            ("?p={amount50%}", "another system's syntax", "probably {{ payout | percent:50 }}"),
            ("/x/{click_id}/y", "\"{click_id}\"", "probably {{click_id}}"),
            ("?x={nothing_we_know}", "\"{nothing_we_know}\"", "{{parameters.NAME}}"),
            ("?cid=REPLACE", "place-holder", "probably cid={{click_id}}"),
            ("?sum=OPTIONAL", "place-holder", "probably sum={{payout}}"),
            ("?zzzz=OPTIONAL", "place-holder", "leave the parameter out"),
            ("/REPLACE/x", "place-holder", "{{click_id}}"),
            ("?a=1&amp;b=2", "HTML spelling", "write & alone"),
            ("?a=1¤cy=EUR", "\"¤\"", "probably &currency"),
            ("?a=1¶m1=x", "\"¶\"", "probably &param1"),
            ("?a=1%C2%A4cy=EUR", "\"%C2%A4\"", "probably &currency"),
            ("?a=1×tamp={{timestamp}}", "\"×\"", "probably &timestamp"),
            ("?a=1®ion={{region}}", "\"®\"", "probably &region"),
            ("?c={{clickid}}", "no token {{clickid}}", "probably {{click_id}}"),
            ("?c={{cid}}", "no token {{cid}}", "probably {{click_id}}"),
            ("?c={{aff_sub}}", "no token {{aff_sub}}", "probably {{click_id}}"),
            ("?c={{sum}}", "no token {{sum}}", "probably {{payout}}"),
            ("?c={{amount}}", "no token {{amount}}", "probably {{payout}}"),
            ("?c={{geo}}", "no token {{geo}}", "probably {{country}}"),
            ("?c={{clik_id}}", "no token {{clik_id}}", "probably {{click_id}}"),
            ("?c={{sub3}}", "no token {{sub3}}", "probably {{sub_ids.sub3}}"),
            ("?c={{sub_ids}}", "whole group", "{{sub_ids.campaign}}"),
            ("?c={{sub_ids.}}", "whole group", "{{sub_ids.campaign}}"),
            ("?c={{xyzzyplugh}}", "no token {{xyzzyplugh}}", "{{parameters.NAME}}"),
            ("?c={{click_id", "not closed", "}}"),
            ("?c={{click_id}", "not closed", "}}"), ("?c={{click_id!}}", "should be", "{{click_id}}"),
            ("?c={{ click_id | ", "not closed", "}}"),
            ("?c={{}}", "no token", "{{click_id}}"),
            ("?c={{click id}}", "| or }}", "{{click_id}}"),
            ("?c={{payout|sha512}}", "there is no filter sha512", "probably sha1"),
            ("?c={{payout|lowr}}", "no filter lowr", "probably lower"),
            ("?c={{payout|lowercase}}", "no filter lowercase", "probably lower"),
            ("?c={{payout|urlencode}}", "no filter urlencode", "leave it out"),
            ("?c={{payout|default}}", "needs a text", "default:"),
            ("?c={{payout|lower:1}}", "no argument", ""),
            ("?c={{payout|}}", "filter's name", ""),
            ("?c={{payout|default:\"x}}", "quotation mark", ""),
            ("?c={{click_id|default:\"0\"}}", "no default", "missing_token"),
            ("?c={{EXTERNAL_ID|default:\"0\"}}", "no default", "missing_token"),
            ("?c={{payout|raw}}", "raw is not safe", "leave the filter out"),
            ("/p#top", "fragment", "%23"),
            ("?a=b c", "a blank", "%20"),
            ("?a=ü", "\"ü\"", "%C3%BC"),
            ("?a=b|c", "\"|\"", "%7C"),
            ("?a=\"x\"", "\"\"\"", "%22"),
            ("?a=100%", "hexadecimal", "%25"),
            ("?a=%4", "hexadecimal", "%25"),
            ("?a=%4{{click_id}}", "hexadecimal", "%25"),
            ("?a=b}}", "may not hold", "}}"),
            ("/a/../b", "segment \"..\"", "path"),
            ("/a/./b", "segment \".\"", "path"),
            ("/a/%2e%2E", "segment \"%2e%2E\"", "path"),
            ("?a=\u{1}", "control character", "%01"),
            ("?a=\n", "a line break", "%0A"),
        ]
    )
    func refused(rest: String, problem: String, hint: String) {
        let errors = Fixture.errors(
            ofURL: "https://a.example\(rest.hasPrefix("?") ? "/p" : "")\(rest)\(rest.hasPrefix("?") ? "&end" : "/end")"
        )
        #expect(errors.contains { $0.contains(problem) && $0.contains(hint) }, "\(errors)")
    }

    @Test(
        "are kept byte for byte when they are legal",
        arguments: [
            ("", "/"), ("?a=1", "/?a=1"), ("/", "/"), ("/a//b/", "/a//b/"),
            ("/a.b/..c/...?x=../..", "/a.b/..c/...?x=../.."),
            ("/?a=%7bx%7D&b=%ab%20", "/?a=%7bx%7D&b=%ab%20"), ("/;p=1,2/!$&'()*+,;=:@", "/;p=1,2/!$&'()*+,;=:@"),
            ("/?x=/?:@!$'()*+,;=", "/?x=/?:@!$'()*+,;="), ("?&&a", "/?&&a"),
            ("/replace?a=replace&b=REPLACED", "/replace?a=replace&b=REPLACED"),
        ]
    )
    func kept(rest: String, target: String) throws {
        #expect(try Fixture.target("https://a.example\(rest)", try Fixture.event([:])) == target)
    }

    @Test("are warned of a parameter that stands there twice")
    func duplicates() {
        let warnings = Fixture.warnings(ofURL: "https://a.example/?c={{click_id}}&a=1&a=2")
        #expect(warnings.count == 1 && warnings.allSatisfy { $0.contains("\"a\" stands here twice") })
    }

    @Test("are warned when no click id is sent")
    func noClickID() {
        #expect(
            Fixture.warnings(ofURL: "https://a.example/?p={{payout}}").contains { $0.contains("no click id is sent") }
        )
        #expect(Fixture.warnings(ofURL: "https://a.example/?p={{ external_ID | lower }}").isEmpty)
    }

    @Test("may be 8,000 bytes long and no longer")
    func length() {
        let fits = "/" + String(repeating: "a", count: 7_999)
        #expect(Fixture.errors(ofURL: "https://a.example\(fits)").isEmpty)
        #expect(Fixture.errors(ofURL: "https://a.example\(fits)a").contains { $0.contains("8001 bytes long") })
    }

    @Test("tell the column of each fault")
    func columns() throws {
        let routes = """
            publishers:
              "1":
                global:
                  url: https://a.example/?é={x}&c={{clickid}}
            """
        let faults = try Fixture.errors(routes)
        #expect(
            faults.contains {
                $0.hasPrefix("routes.yaml:4:31: error: publishers.1.global.url: \"é\"") || $0.contains(":31:")
            }
        )
        #expect(faults.contains { $0.contains(":33:") && $0.contains("{x}") })
        #expect(faults.contains { $0.contains(":41:") && $0.contains("{{clickid}}") }, "\(faults)")
    }

    @Test("are never a crash, whatever they hold", arguments: 0..<400)
    func garbage(seed: Int) {
        var dice = Dice(seed)
        let parts = [
            "{{", "}}", "click_id", "|", "default:", "\"", "https://", "a.example", "[", "]", "\\", "%", "?", "&", "=",
            "{", "/",
        ]
        var url = Bool.random(using: &dice) ? "https://a.example/" : ""
        for _ in 0..<Int.random(in: 0...12, using: &dice) {
            url += Bool.random(using: &dice) ? dice.text(3) : parts.randomElement(using: &dice) ?? ""
        }
        let loaded = Fixture.load(Fixture.node(["url": url]))
        #expect((loaded.table == nil) == loaded.faults.contains { $0.severity == .error })
    }
}
