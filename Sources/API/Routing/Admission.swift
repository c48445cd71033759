import Accounts
import Gateway
import HTTPTypes
import Hummingbird
import Trading

/// Notes when a request arrived; the outermost layer.
struct RequestStart: RouterMiddleware {
    typealias Context = APIContext

    let uptime: @Sendable () -> Duration

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.start = uptime()
        return try await next(request, context)
    }
}

/// Lets a request in or not: everything but the open routes needs a valid token, everybody has a quota.
///
/// It also gives every error its body, so that quota headers are on errors too.
struct Admission: RouterMiddleware {
    typealias Context = APIContext

    private let tokens: AccessTokens
    private let now: WallClock
    private let quota: RequestQuota
    private let openRoutes: Set<String>
    private let answers: ErrorAnswer

    init(tokens: AccessTokens, now: @escaping WallClock, limits: RequestLimits, routes: [Route]) {
        self.tokens = tokens
        self.now = now
        quota = RequestQuota(limits: limits)
        openRoutes = Set(routes.filter { $0.access == .open }.map { Self.key($0.method, $0.path) })
        answers = ErrorAnswer(routes: RouteIndex(routes))
    }

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        var reading: QuotaReading?
        var response: Response
        do {
            try await admit(request, &context, &reading)
            response = try await next(request, context)
        } catch let fault as BodyInterrupted {
            throw fault.cause
        } catch {
            response = answers.response(for: error, to: request, context: context)
        }
        reading?.add(to: &response.headers)
        return response
    }

    private func admit(
        _ request: Request, _ context: inout APIContext, _ reading: inout QuotaReading?
    ) async throws(Refusal) {
        let path = context.endpointPath ?? ""
        let isOpen = openRoutes.contains(Self.key(request.method, path))
        // Whoever watches the service asks often and without a token.
        if isOpen, request.method != .post, path != BrokerLoginRoutes.callbackPath { return }
        let time = now()
        let text = isOpen ? nil : Self.token(of: request, path: path)
        var refusal = Refusal(.notAuthenticated)
        if let text {
            do {
                let token = try await tokens.verify(text, at: time)
                context.token = token
                reading = quota.count(.user(token.user.rawValue), isUser: true, at: time)
                return try check(reading, at: time)
            } catch let excess as Refusal {
                throw excess
            } catch {
                refusal = Refusal(.invalidToken)
            }
        }
        reading = quota.count(.address(context.address), isUser: false, at: time)
        try check(reading, at: time)
        if !isOpen { throw refusal }
    }

    private func check(_ reading: QuotaReading?, at time: Timestamp) throws(Refusal) {
        guard let reading, reading.isExceeded else { return }
        throw Refusal(.rateLimited, retryAfter: max(1, Int(reading.reset - time.seconds)))
    }

    /// The bearer token; browsers cannot set headers on WebSockets, so those may carry it in the query.
    private static func token(of request: Request, path: String) -> String? {
        if let header = request.headers[.authorization] {
            guard header.utf8.count > 7, header.prefix(7).lowercased() == "bearer " else { return nil }
            return String(header.dropFirst(7).drop { $0 == " " })
        }
        guard path.hasPrefix("/ws/") else { return nil }
        return request.uri.queryParameters["token"].map(String.init)
    }

    private static func key(_ method: HTTPRequest.Method, _ path: String) -> String {
        (method == .head ? "GET " : method.rawValue + " ") + path
    }
}
