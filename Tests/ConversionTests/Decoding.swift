import Conversion

/// A complete event, ASCII, about 900 bytes, with every field of the contract.
let completeEvent = """
    {"id":"c-1","publisher_id":"1001","offer_id":5512,"smartlink_id":"77","click_id":"k","type":"sale",\
    "status":"pending","payout":{"amount":"1.25","currency":"EUR"},"occurred_at":"2025-03-01T12:30:00.250Z",\
    "clicked_at":"2025-03-01T12:00:00Z","country":"DE","region":"BY","city":"M","ip":"203.0.113.7","user_agent":"UA",\
    "device":"mobile","os":"Android","browser":"Chrome","carrier":"V","language":"de","referrer":"https://n.example/",\
    "sub_ids":{"1":"a","2":"b\\u00fc"},"parameters":{"tier":2,"new":true,"name":"x"},"test":true,\
    "unknown":[1,-2.5e3,{"a":null}]}
    """

func decode(_ text: String, cloudEvent: CloudEventAttributes? = nil) throws(EventFault) -> ConversionEvent {
    try decode(Array(text.utf8), cloudEvent: cloudEvent)
}

func decode(_ body: [UInt8], cloudEvent: CloudEventAttributes? = nil) throws(EventFault) -> ConversionEvent {
    var event = ConversionEvent()
    try event.decode(body.span, cloudEvent: cloudEvent)
    return event
}

func fault(_ text: String, cloudEvent: CloudEventAttributes? = nil) -> EventFault? {
    fault(Array(text.utf8), cloudEvent: cloudEvent)
}

func fault(_ body: [UInt8], cloudEvent: CloudEventAttributes? = nil) -> EventFault? {
    do throws(EventFault) {
        _ = try decode(body, cloudEvent: cloudEvent)
        return nil
    } catch {
        return error
    }
}

/// An event with one member more than the required ones.
func event(with member: String) -> String {
    #"{"id":"c-1","publisher_id":"1001",\#(member)}"#
}

extension ConversionEvent {
    func string(_ range: ByteRange?) -> String? {
        range.map { String(decoding: storage[$0.indices], as: UTF8.self) }
    }

    func string(at pointer: String) throws -> String? {
        string(value(at: try JSONPointer(parsing: pointer)))
    }
}
