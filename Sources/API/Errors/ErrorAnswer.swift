import HTTPTypes
import Hummingbird
import JSON
import Logging
import WebServer

/// Turns whatever a request threw into the one error body.
struct ErrorAnswer: Sendable {
    let routes: RouteIndex

    /// The answer for an error.
    func response(for error: any Error, to request: Request, context: APIContext) -> Response {
        let refusal = refusal(for: error, to: request, context: context)
        var response = JSONAnswer.response(Self.body(of: refusal, context), status: refusal.status)
        for field in refusal.headers { response.headers[field.name] = field.value }
        return response
    }

    private func refusal(for error: any Error, to request: Request, context: APIContext) -> Refusal {
        switch error {
        case let refusal as Refusal: return refusal
        case let fault as HTTPError where fault.status == .notFound: return noRoute(request)
        case let fault as HTTPError:
            var refusal = Refusal(Self.code(for: fault.status), fault.body)
            refusal.headers = fault.headers
            return refusal
        case let fault as any HTTPResponseError: return Refusal(Self.code(for: fault.status))
        default:
            context.logger.error("a request failed", metadata: ["error": "\(error)"])
            return Refusal(.internalError)
        }
    }

    private func noRoute(_ request: Request) -> Refusal {
        let methods = routes.methods(at: request.uri.path)
        guard !methods.isEmpty else { return Refusal(.routeNotFound) }
        let list = methods.map(\.rawValue).joined(separator: ", ")
        var refusal = Refusal(.methodNotAllowed, "This address takes \(list).")
        refusal.headers[.allow] = list
        return refusal
    }

    private static func code(for status: HTTPResponse.Status) -> ErrorCode {
        switch status {
        case .contentTooLarge: .bodyTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .upgradeRequired: .upgradeRequired
        case .methodNotAllowed: .methodNotAllowed
        case .unauthorized: .notAuthenticated
        case .tooManyRequests: .rateLimited
        case _ where status.kind == .clientError: .badRequest
        default: .internalError
        }
    }

    private static func body(of refusal: Refusal, _ context: APIContext) -> JSONWriter {
        var writer = JSONWriter(reservingCapacity: 320)
        writer.beginObject()
        if let order = refusal.placement {
            writer.key("status")
            writer.value("error")
            writer.key("success")
            writer.value(false)
            writer.key("error")
            writer.value(refusal.detail)
            writer.key("order_id")
            writer.text(order.brokerOrderID)
            writer.key("client_order_id")
            writer.text(order.clientOrderID)
        }
        writer.key("detail")
        writer.value(refusal.detail)
        writer.key("status_code")
        writer.value(refusal.status.code)
        writer.key("code")
        writer.value(refusal.code)
        writer.key("correlation_id")
        writer.text(context.correlationID)
        writer.endObject()
        return writer
    }
}

/// The connection broke while a body was read; its own error goes on to whoever serves the connection.
struct BodyInterrupted: Error {
    let cause: any Error
}
