import Conversion

/// The first request of a delivery as it would go out, with secrets masked.
package struct RequestPreview: Sendable, Encodable {
    package struct Header: Sendable, Encodable, Equatable {
        package let name: String
        package let value: String
    }

    package let method: String
    package let url: String
    /// All of them, those of the worker and of libcurl as well, but not the ones of HTTP/2.
    package let headers: [Header]
    package let body: String?
    /// `HTTP/1.1`, or `HTTP/2` where that is allowed and the server offers it.
    package let version: String
}

extension Postback {
    /// Renders the first attempt twice: once as it is, which finds what stops it, and once to be shown.
    func preview(
        _ event: ConversionEvent,
        _ context: ExplanationContext
    ) throws(RenderFault) -> RequestPreview {
        var key: [UInt8] = []
        appendIdempotencyKey(of: event, to: &key)
        let size = try dryRender(event, context.render, key)
        let url = context.mask.url(try maskedURL(event, context.render))
        var headers = [RequestPreview.Header(name: "Host", value: hostHeader)]
        let lines = try maskedHeaders(event, context.render).map(context.mask.header)
        if !lines.contains(where: { $0.lowercased().hasPrefix("accept:") }) {
            headers.append(RequestPreview.Header(name: "Accept", value: "*/*"))
        }
        headers += lines.map(Self.header)
        if hasSignedHeaders {
            let id = String(decoding: Self.webhookID(key), as: UTF8.self)
            headers.append(RequestPreview.Header(name: "webhook-id", value: id))
            let seconds = String(context.render.now / 1000)
            headers.append(RequestPreview.Header(name: "webhook-timestamp", value: seconds))
        }
        let own = String(decoding: key, as: UTF8.self)
        headers.append(RequestPreview.Header(name: "Idempotency-Key", value: own))
        if !lines.contains(where: { $0.lowercased().hasPrefix("user-agent:") }) {
            headers.append(RequestPreview.Header(name: "User-Agent", value: context.userAgent))
        }
        var body: String?
        if method != .get {
            headers.append(RequestPreview.Header(name: "Content-Length", value: String(size)))
            // What libcurl says of a body, also of none, unless it is told otherwise.
            if !hasBody {
                let form = "application/x-www-form-urlencoded"
                headers.append(RequestPreview.Header(name: "Content-Type", value: form))
            }
            let text = String(decoding: try maskedBody(event, context.render), as: UTF8.self)
            body = context.mask.body(text, contentType ?? "")
        }
        let version = usesHTTP2 && destination.scheme == .https ? "HTTP/2" : "HTTP/1.1"
        return RequestPreview(method: method.rawValue, url: url, headers: headers, body: body, version: version)
    }

    /// The size of the body; throws what keeps a part of the request from being made.
    private func dryRender(
        _ event: ConversionEvent,
        _ context: RenderContext,
        _ key: [UInt8]
    ) throws(RenderFault) -> Int {
        var target: [UInt8] = []
        try renderTarget(event, context, into: &target)
        try appendSignature(to: &target)
        var body: [UInt8] = []
        try renderBody(event, context, into: &body)
        var lines: [[UInt8]] = []
        try renderHeaders(event, context, into: &lines)
        try signHeaders(id: key, timestamp: context.now / 1000, body: body, into: &lines)
        return body.count
    }

    private var hostHeader: String {
        String(destination.origin.dropFirst(destination.scheme.rawValue.utf8.count + 3))
    }

    private static func header(_ line: String) -> RequestPreview.Header {
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let value = parts.count == 2 ? parts[1].drop { $0 == " " } : ""
        return RequestPreview.Header(name: String(parts[0]), value: String(value))
    }
}
