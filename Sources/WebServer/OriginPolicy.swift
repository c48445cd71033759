import HTTPTypes
import Hummingbird

/// Lets the pages of listed origins call this server from a browser, with credentials (the Fetch standard's CORS).
///
/// An origin that is not listed gets no such header: the browser then keeps the answer from the page.
package struct OriginPolicy<Context: RequestContext>: RouterMiddleware {
    private let allowed: Set<String>

    /// `allowed` are exact origins such as `https://trade.example.com` or `http://localhost:5173`.
    package init(allowed: some Sequence<String>) {
        self.allowed = Set(allowed)
    }

    /// Whether a request comes from a listed page, or from no page at all; for endpoints that CORS does not guard,
    /// WebSockets among them.
    package func admits(_ request: Request) -> Bool {
        request.headers[.origin].map(allowed.contains) ?? true
    }

    /// Answers preflights itself and adds the headers to every other answer.
    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let origin = request.headers[.origin].flatMap { allowed.contains($0) ? $0 : nil }
        let isPreflight =
            request.method == .options && request.headers[.origin] != nil
            && request.headers[.accessControlRequestMethod] != nil
        if isPreflight {
            var response = Response(status: .noContent)
            response.headers.addVary("Origin")
            if let origin { addPreflight(origin, to: &response.headers) }
            return response
        }
        var response = try await answer(request, context, next)
        response.headers.addVary("Origin")
        if let origin {
            addOrigin(origin, to: &response.headers)
            response.headers[.accessControlExposeHeaders] = Self.exposed
        }
        return response
    }

    private func addOrigin(_ origin: String, to headers: inout HTTPFields) {
        headers[.accessControlAllowOrigin] = origin
        headers[.accessControlAllowCredentials] = "true"
    }

    private func addPreflight(_ origin: String, to headers: inout HTTPFields) {
        addOrigin(origin, to: &headers)
        headers[.accessControlAllowMethods] = "GET, POST, PUT, DELETE, PATCH, OPTIONS"
        headers[.accessControlAllowHeaders] = """
            Content-Type, Authorization, X-Account-ID, X-Correlation-ID, X-Requested-With, Accept, Idempotency-Key
            """
        headers[.accessControlMaxAge] = "600"
    }

    private static var exposed: String {
        "X-Correlation-ID, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After"
    }
}

extension HTTPFields {
    /// Adds a field name to `Vary` unless it is there.
    mutating func addVary(_ name: String) {
        if self[.vary] == nil {
            self[.vary] = name
        } else if !lists(name.lowercased(), in: .vary) {
            self[values: .vary].append(name)
        }
    }
}
