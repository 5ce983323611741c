import Conversion
import Letters

/// Makes a letter with a body and headers.
func letter(
    _ body: String = #"{"id":"ev-1","publisher_id":"1001","offer_id":"5512","smartlink_id":"77","click_id":"c"}"#,
    _ headers: [(name: String, value: LetterValue)] = []
) -> Letter {
    var event = ConversionEvent()
    return Letter(headers: headers, body: Array(body.utf8), decodingWith: &event)
}

/// As the worker writes them on a rejected delivery.
let rejected: [(name: String, value: LetterValue)] = [
    ("x-postback-route", .text("1001/offers/5512/default")), ("x-postback-attempt", .number(3)),
    ("x-postback-first-attempt-at", .text("2026-11-26T06:00:00.000Z")),
    ("x-postback-last-status", .number(503)), ("x-postback-last-error", .text("status 503: Down for MAINTENANCE")),
    ("x-postback-reason", .text("rejected")), ("x-postback-url", .text("https://Track.Example.com:8443/pb?cid=c")),
    ("x-postback-template", .text("https://track.example.com:8443/pb?cid={{click_id}}")),
    ("x-postback-failed-at", .text("2026-11-26T07:00:00.000Z")),
]
