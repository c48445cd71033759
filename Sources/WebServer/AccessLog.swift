import HTTPTypes
import Hummingbird
import Logging
import Metrics
import Synchronization

/// Writes one log record a request, and counts and times it; put it behind `CorrelationID`.
///
/// Query strings are never recorded: they may carry tokens. Metrics: `http_requests_total` and
/// `http_request_duration_seconds`, labelled `method`, `route` (the template, not the path) and `status`.
/// A WebSocket's record is its upgrade; its lifetime is not part of it.
package struct AccessLog<Context: RequestContext>: RouterMiddleware {
    private let level: Logger.Level
    private let now: @Sendable () -> ContinuousClock.Instant
    private let meters = RequestMeters()

    /// Records at `level`, timed by `now`.
    package init(
        level: Logger.Level = .info, now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.level = level
        self.now = now
    }

    /// Records the answer, or 500 for an error that nobody turned into one.
    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = now()
        do {
            let response = try await answer(request, context, next)
            record(request, context, response.status, response.body.contentLength, now() - start)
            return response
        } catch {
            record(request, context, .internalServerError, nil, now() - start)
            throw error
        }
    }

    private func record(
        _ request: Request, _ context: Context, _ status: HTTPResponse.Status, _ bytes: Int?, _ duration: Duration
    ) {
        let route = RequestMeters.route(context.endpointPath)
        meters.record(.init(method: request.method, route: route, status: status.code), duration)
        guard context.logger.logLevel <= level else { return }
        var metadata: Logger.Metadata = [
            "method": .string(request.method.rawValue), "path": .string(request.uri.path),
            "route": .string(route), "status": .stringConvertible(status.code),
            "duration_ms": .string(duration.millisecondsText),
        ]
        if let bytes { metadata["bytes"] = .stringConvertible(bytes) }
        context.logger.log(level: level, "request", metadata: metadata)
    }
}

/// The counters and timers of requests, made once a label set.
final class RequestMeters: Sendable {
    struct Labels: Hashable {
        let method: HTTPRequest.Method
        let route: String
        let status: Int
    }

    private static let knownMethods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]

    private let meters = Mutex<[Labels: (requests: Counter, duration: Timer)]>([:])

    /// The label for a route template; every path that no route matches shares one, so that paths cannot grow labels.
    static func route(_ endpointPath: String?) -> String {
        guard let endpointPath, endpointPath != "NotFound" else { return "unmatched" }
        return endpointPath
    }

    func record(_ labels: Labels, _ duration: Duration) {
        let meter = meters.withLock { meters in
            if let known = meters[labels] { return known }
            let made = Self.make(labels)
            meters[labels] = made
            return made
        }
        meter.requests.increment()
        meter.duration.recordNanoseconds(duration.nanoseconds)
    }

    private static func make(_ labels: Labels) -> (requests: Counter, duration: Timer) {
        let method = knownMethods.contains(labels.method) ? labels.method.rawValue : "OTHER"
        let dimensions = [("method", method), ("route", labels.route), ("status", String(labels.status))]
        return (
            Counter(label: "http_requests_total", dimensions: dimensions),
            Timer(label: "http_request_duration_seconds", dimensions: dimensions)
        )
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }

    /// Milliseconds with three decimals.
    fileprivate var millisecondsText: String {
        let microseconds = nanoseconds / 1000
        let fraction = String(microseconds % 1000)
        return "\(microseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}
