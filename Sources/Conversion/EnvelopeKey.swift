/// A key of a CloudEvent in structured mode that the decoder reads (CloudEvents 1.0, JSON event format).
enum EnvelopeKey: Sendable {
    case specVersion, id, time, data, dataBase64

    var mask: UInt32 {
        switch self {
        case .specVersion: 1
        case .id: 2
        case .time: 4
        case .data: 8
        case .dataBase64: 16
        }
    }

    static let table = KeyTable<EnvelopeKey>([
        ("specversion", .specVersion), ("id", .id), ("time", .time), ("data", .data), ("data_base64", .dataBase64),
    ])
}
