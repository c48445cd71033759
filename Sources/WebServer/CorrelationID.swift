import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// A request context that carries the request's correlation id.
package protocol CorrelatedRequestContext: RequestContext {
    /// The id, `nil` outside `CorrelationID`.
    var correlationID: String? { get set }
}

/// Gives every request an id that its logs and its answer share; put it first.
///
/// A usable `X-Correlation-ID` of the client's is kept, any other is replaced.
package struct CorrelationID<Context: CorrelatedRequestContext>: RouterMiddleware {
    private let makeID: @Sendable () -> String

    /// `makeID` makes the ids of requests that bring none: unique 32 hexadecimal digits unless told otherwise.
    package init(makeID: @escaping @Sendable () -> String = CorrelationIDs.next) {
        self.makeID = makeID
    }

    /// Adds the id to the context, to its logger and to the answer.
    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let brought = request.headers[.xCorrelationID].flatMap { CorrelationIDs.isUsable($0) ? $0 : nil }
        let id = brought ?? makeID()
        var context = context
        context.correlationID = id
        context.logger[metadataKey: CorrelationIDs.metadataKey] = .string(id)
        var response = try await answer(request, context, next)
        response.headers[.xCorrelationID] = id
        return response
    }
}

/// What a correlation id looks like and where it stands.
package enum CorrelationIDs {
    /// The key in log records.
    package static let metadataKey = "correlation_id"

    /// 1 to 128 characters of `A-Z a-z 0-9 . _ -`: safe to echo in a header and to write to a log.
    package static func isUsable(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// 32 hexadecimal digits: 16 drawn when the process starts, 16 that count from a number drawn then.
    ///
    /// Unique without asking the kernel for randomness on every request; not a secret.
    package static let next: @Sendable () -> String = {
        prefix + hex(counter.wrappingAdd(1, ordering: .relaxed).newValue)
    }

    private static let prefix = hex(.random(in: .min ... .max))
    private static let counter = Atomic<UInt64>(.random(in: .min ... .max))

    private static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension HTTPField.Name {
    /// `X-Correlation-ID`.
    package static let xCorrelationID: HTTPField.Name = {
        guard let name = HTTPField.Name("X-Correlation-ID") else { preconditionFailure("a well-formed field name") }
        return name
    }()
}

extension RouterMiddleware where Input == Request, Output == Response, Context: RequestContext {
    /// The answer of what comes after; an error that knows its own answer is turned into it here, so that this
    /// middleware can add to it.
    func answer(
        _ request: Request, _ context: Context, _ next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as any HTTPResponseError {
            return try error.response(from: request, context: context)
        }
    }
}
