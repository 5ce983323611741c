/// One field of a postback as it holds for a delivery, and where it comes from.
package struct SettingExplanation: Sendable, Encodable {
    /// As in the routes file: `url`, `timeout`, `retry.attempts`.
    package let key: String
    /// nil where nothing is set, and nothing happens.
    package let value: String?
    package let origin: FieldOrigin

    private enum CodingKeys: String, CodingKey {
        case key, value, origin, detail
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(key, forKey: .key)
        try container.encodeIfPresent(value, forKey: .value)
        try container.encode(origin.word, forKey: .origin)
        try container.encodeIfPresent(origin.detail, forKey: .detail)
    }
}
