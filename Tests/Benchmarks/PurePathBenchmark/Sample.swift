import Documents
import Routing

/// Conversions and the routes they belong to: publishers with one postback for everything and two of single offers.
enum Sample {
    static let publishers = 1000

    /// 500 different bodies of about 520 bytes; their offers are the two with a postback of their own, and one without.
    static let bodies: [[UInt8]] = (0..<500).map { number in
        let publisher = number * 7 % publishers
        let hex = String(0x1000_0000 + number * 7919, radix: 16)
        let text = """
            {"id":"\(hex)75fde15b02a337357ae2cc59","type":"conversion","occurred_at":"2026-11-20T09:58:43.201Z",\
            "publisher_id":"p\(publisher)","offer_id":"o\(publisher)-\(number % 3)","advertiser_id":"ad0512",\
            "click_id":"\(hex)-0975-459b-a2cc-2a337357ae2c","transaction_id":"T-\(number)","status":"approved",\
            "payout":{"amount":"\(number % 90 + 1).\(number % 10)5","currency":"USD"},"country":"US",\
            "ip":"203.0.113.\(number % 256)","user_agent":"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) \
            AppleWebKit/605.1.15 Mobile/15E148","sub_ids":{"1":"cmp_\(number * 31)","2":"kw \(number)/summer sale",\
            "3":""},"test":false}
            """
        return Array(text.utf8)
    }

    /// 50 of them with 120 parameters each, about 8 KB.
    static let largeBodies: [[UInt8]] = bodies[..<50].map { body in
        let value = String(repeating: "x", count: 50)
        let parameters = (0..<120).map { "\"name\($0)\":\"\(value)\"" }.joined(separator: ",")
        return body.dropLast(1) + Array(",\"parameters\":{\(parameters)}}".utf8)
    }

    static func routes() -> SourceNode {
        mapping([("publishers", mapping((0..<publishers).map { ("p\($0)", publisher($0)) }))])
    }

    private static func publisher(_ number: Int) -> SourceNode {
        let postback = mapping([
            (
                "url",
                scalar(
                    "http://h\(number % 100).example.com/pb?cid={{click_id}}&offer={{offer_id}}&payout={{payout}}"
                        + "&cur={{currency}}&status={{status}}"
                )
            )
        ])
        let offers = mapping((0..<2).map { ("o\(number)-\($0)", postback) })
        return mapping([("global", postback), ("offers", offers)])
    }

    private static let nowhere = SourcePosition(line: 1, column: 1)

    private static func scalar(_ text: String) -> SourceNode {
        SourceNode(.scalar(text, quoted: true), at: nowhere)
    }

    private static func mapping(_ entries: [(String, SourceNode)]) -> SourceNode {
        let made = entries.map { SourceNode.Entry(key: $0.0, keyPosition: nowhere, value: $0.1) }
        return SourceNode(.mapping(made), at: nowhere)
    }
}
