import FlyingFox
import Foundation

/// What the admin endpoint answers.
struct AdminRoutes: HTTPHandler {
    let registry: PrometheusRegistry
    let liveness: @Sendable () -> HealthReport
    let readiness: @Sendable () -> HealthReport
    let destinations: @Sendable () -> [UInt8]

    private static let index = """
        postback
        /livez    200 while the event loops turn
        /readyz   200 while conversions are consumed
        /metrics  Prometheus text
        /destinations  how destinations stand, the worst first, JSON

        """

    func handleRequest(_ request: HTTPRequest) async -> HTTPResponse {
        let isKnown = ["/", "/livez", "/readyz", "/metrics", "/destinations"].contains(request.path)
        guard isKnown else { return text(.notFound, "not found; see /\n", request) }
        guard request.method == .GET || request.method == .HEAD else {
            var response = text(.methodNotAllowed, "only GET and HEAD\n", request)
            response.headers[HTTPHeader("Allow")] = "GET, HEAD"
            return response
        }
        switch request.path {
        case "/livez": return health(liveness(), request)
        case "/readyz": return health(readiness(), request)
        case "/metrics":
            var bytes: [UInt8] = []
            registry.text(into: &bytes)
            return answer(.ok, "text/plain; version=0.0.4; charset=utf-8", Data(bytes), request)
        case "/destinations": return answer(.ok, "application/json", Data(destinations()), request)
        default: return text(.ok, Self.index, request)
        }
    }

    private func health(_ report: HealthReport, _ request: HTTPRequest) -> HTTPResponse {
        text(report.healthy ? .ok : .serviceUnavailable, report.text + "\n", request)
    }

    private func text(_ status: HTTPStatusCode, _ text: String, _ request: HTTPRequest) -> HTTPResponse {
        answer(status, "text/plain; charset=utf-8", Data(text.utf8), request)
    }

    private func answer(
        _ status: HTTPStatusCode,
        _ contentType: String,
        _ body: Data,
        _ request: HTTPRequest
    ) -> HTTPResponse {
        // To HEAD the length is told, but the body stays away (RFC 9110 9.3.2).
        let isHead = request.method == .HEAD
        var headers: HTTPHeaders = [.contentType: contentType, HTTPHeader("Cache-Control"): "no-store"]
        if isHead { headers[.contentLength] = String(body.count) }
        return HTTPResponse(statusCode: status, headers: headers, body: isHead ? Data() : body)
    }
}
