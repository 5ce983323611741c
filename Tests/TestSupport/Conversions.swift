/// Conversion events as a network would write them (CONTRACT section 1).
package enum Conversions {
    /// The least that is an event, with the click id that tests look for at the tracker.
    ///
    /// - Parameter more: further members, each beginning with a comma.
    package static func event(_ id: String, publisher: String = "1", click: String? = nil, more: String = "") -> String
    {
        #"{"id":"\#(id)","publisher_id":"\#(publisher)","click_id":"\#(click ?? id)"\#(more)}"#
    }

    package static func message(_ id: String, publisher: String = "1", more: String = "") -> TestMessage {
        TestMessage(event(id, publisher: publisher, more: more))
    }

    /// `count` events with the ids PREFIX-0, PREFIX-1 and so on.
    package static func messages(_ count: Int, prefix: String, publisher: String = "1") -> [TestMessage] {
        (0..<count).map { message("\(prefix)-\($0)", publisher: publisher) }
    }
}
