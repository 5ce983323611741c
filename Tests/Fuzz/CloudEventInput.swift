import Conversion

/// A CloudEvent in binary mode: id, time and content type in headers, the event as the body. In structured mode it is
/// nothing but a body; the corpus has some, and both go through the same promises.
enum CloudEventInput {
    static func feed(_ input: [UInt8]) {
        let parts = parts(input, 4)
        let attributes = CloudEventAttributes(
            id: parts[0].isEmpty ? nil : parts[0],
            type: Array("conversion".utf8),
            source: Array("fuzz".utf8),
            time: parts[1].isEmpty ? nil : parts[1],
            datacontenttype: parts[2].isEmpty ? nil : parts[2]
        )
        EventInput.feed(parts[3], attributes)
        EventInput.feed(parts[3], nil)
    }
}
