package import Conversion
package import Routing
package import Telemetry

/// Takes our secrets out of what a destination answered, which may repeat what it was sent. All text that comes from an
/// answer passes through here before it goes into a header, a log, a record or a report.
///
/// Hidden are the postback's named secrets, what was computed with them, and the values of query parameters, body fields
/// and headers whose names `mask` holds, as long as they have 8 bytes (`EchoedSecrets`). Making one renders the request
/// again: for failures, not for the hot path.
package struct AnswerMask {
    private let echoes: EchoedSecrets

    /// - Parameters:
    ///   - context: that of the request: the same attempt, time and random number.
    ///   - id: its idempotency key.
    package init(
        _ postback: Postback,
        _ event: borrowing ConversionEvent,
        _ context: RenderContext,
        id: [UInt8],
        mask: SecretMask
    ) {
        var values = postback.secretValues(event, context, id: id)
        var target: [UInt8] = []
        if (try? postback.renderTarget(event, context, into: &target)) != nil {
            values += mask.secretValues(inURL: target)
        }
        var body: [UInt8] = []
        if postback.hasBody, (try? postback.renderBody(event, context, into: &body)) != nil {
            values += mask.secretValues(inForm: body)
            values += JSONBodyMask.values(body) { mask.isSecret(parameter: $0) }
        }
        var lines: [[UInt8]] = []
        if postback.hasHeaders, (try? postback.renderHeaders(event, context, into: &lines)) != nil {
            for line in lines { values += Self.secretValues(inHeader: line, mask) }
        }
        echoes = EchoedSecrets(values)
    }

    /// The text with `***` in place of every secret.
    package func text(_ text: String) -> String { echoes.masked(text) }

    /// Same, on bytes such as the head of a body.
    package func bytes(_ bytes: [UInt8]) -> [UInt8] { echoes.masked(bytes) }

    /// The whole value, and what stands behind a scheme such as `Bearer`.
    private static func secretValues(inHeader line: [UInt8], _ mask: SecretMask) -> [[UInt8]] {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
            mask.isSecret(header: String(decoding: line[..<colon], as: UTF8.self))
        else { return [] }
        let value = line[(colon + 1)...].drop { $0 == UInt8(ascii: " ") }
        return [Array(value)] + value.split(separator: UInt8(ascii: " ")).dropFirst().map(Array.init)
    }
}
