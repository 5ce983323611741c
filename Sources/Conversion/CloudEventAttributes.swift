/// The attributes of a CloudEvent in binary mode, which travel as AMQP application headers `cloudEvents:NAME` or
/// `cloudEvents_NAME` while the body is the data (CloudEvents 1.0, AMQP protocol binding, section 3.1).
///
/// Values are the headers' bytes as they came; only `id` and `time` are used, where the event itself has none.
package struct CloudEventAttributes: Sendable, Equatable {
    /// Becomes the event's `id` when the data has none.
    package var id: [UInt8]?
    /// Which kind of CloudEvent it is; not the event's `type`, and not used.
    package var type: [UInt8]?
    /// Who made the CloudEvent; not used.
    package var source: [UInt8]?
    /// RFC 3339; becomes `occurred_at` when the data has none.
    package var time: [UInt8]?
    /// Named in the fault when the body turns out not to be JSON.
    package var datacontenttype: [UInt8]?

    /// Headers that were not there stay nil.
    package init(
        id: [UInt8]? = nil,
        type: [UInt8]? = nil,
        source: [UInt8]? = nil,
        time: [UInt8]? = nil,
        datacontenttype: [UInt8]? = nil
    ) {
        self.id = id
        self.type = type
        self.source = source
        self.time = time
        self.datacontenttype = datacontenttype
    }
}
