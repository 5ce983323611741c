import RabbitMQ
import Testing

@testable import Worker

struct PostbackHeadersTests {
    @Test(
        "A time is taken as RFC 3339, as seconds or as milliseconds",
        arguments: [
            ("2026-01-02T03:04:05.678Z", 1_767_323_045_678), ("1767323045", 1_767_323_045_000),
            ("1767323045678", 1_767_323_045_678), ("1970-01-01T00:00:00Z", 0),
        ] as [(String, Int64)]
    )
    func time(text: String, milliseconds: Int64) {
        #expect(headers(text).notBefore == milliseconds)
    }

    @Test(
        "A time before 1970 or beyond the year 9999 is none, however it is written",
        arguments: [
            "1969-12-31T23:59:59.999Z", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01", "-1", "253402300800000", "yesterday", "",
        ]
    )
    func noTime(text: String) {
        #expect(headers(text).notBefore == nil)
        #expect(headers(text).firstAttemptAt == nil)
        #expect(headers(text).parkedSince == nil)
    }

    private func headers(_ time: String) -> PostbackHeaders {
        var reading = PostbackHeaders.Reading()
        for name in ["x-postback-not-before", "x-postback-first-attempt-at", "x-postback-parked-since"] {
            Array(name.utf8).withUnsafeBytes { name in
                Array(time.utf8).withUnsafeBytes { reading.take(name, .bytes($0)) }
            }
        }
        return reading.headers
    }
}
