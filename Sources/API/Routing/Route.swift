import Accounts
import Gateway
import HTTPTypes
import Hummingbird
import Trading

/// One entry of the table of contents: a method, a path, who may call it, and what answers.
package struct Route: Sendable {
    /// Who may call a route.
    package enum Access: Sendable, Hashable {
        /// Anybody.
        case open
        /// Whoever is signed in.
        case signedIn
        /// Whoever has a right on the account in the path.
        case account(Permission)
    }

    typealias Handler = @Sendable (Request, APIContext) async throws -> Response

    /// The method.
    package let method: HTTPRequest.Method
    /// The path, parameters in braces.
    package let path: String
    /// Who may call it.
    package let access: Access
    let handler: Handler

    /// A route for anybody.
    static func open(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler) -> Route {
        Route(method: method, path: path, access: .open, handler: handler)
    }

    /// A route for whoever is signed in.
    static func signedIn(
        _ method: HTTPRequest.Method, _ path: String,
        _ handler: @escaping @Sendable (Request, APIContext, AccessToken) async throws -> Response
    ) -> Route {
        Route(method: method, path: path, access: .signedIn) { request, context in
            guard let token = context.token else { throw Refusal(.notAuthenticated) }
            return try await handler(request, context, token)
        }
    }

    /// A route for whoever has a right on the account in the path.
    static func account(
        _ method: HTTPRequest.Method, _ path: String, _ permission: Permission, _ gate: AccountGate,
        _ handler: @escaping @Sendable (Request, APIContext, AccountCall) async throws -> Response
    ) -> Route {
        Route(method: method, path: path, access: .account(permission)) { request, context in
            let call = try await gate.call(request, context, requiring: permission)
            return try await handler(request, context, call)
        }
    }
}

/// An account and its caller, whose right on it has been checked.
struct AccountCall: Sendable {
    let account: TradingAccount
    let token: AccessToken
    private let owned: AccountSession?
    /// Why the broker does not let the account in; nil where it does or nobody here knows.
    private let signedOut: String?

    init(account: TradingAccount, token: AccessToken, session: AccountSession?, signedOut: String? = nil) {
        self.account = account
        self.token = token
        owned = session
        self.signedOut = signedOut
    }

    /// The account's session; refused where this process does not run it.
    var session: AccountSession {
        get throws(Refusal) {
            guard let owned else {
                if let signedOut { throw Refusal(.brokerSessionExpired, signedOut, retryAfter: 30) }
                throw Refusal(.sessionNotReady, "The account is not connected to its broker here.", retryAfter: 5)
            }
            return owned
        }
    }
}

/// Finds the account in a request's path and checks the caller's right on it.
struct AccountGate: Sendable {
    let directory: AccountDirectory
    let desk: TradingDesk
    var logins: (any BrokerLogins)?

    func call(
        _ request: Request, _ context: APIContext, requiring permission: Permission
    ) async throws(Refusal) -> AccountCall {
        guard let token = context.token else { throw Refusal(.notAuthenticated) }
        guard let text = context.parameters.get("account_id"), let reference = AccountReference(text) else {
            throw Refusal(.accountNotFound)
        }
        let account: TradingAccount
        do {
            account = try await directory.resolve(reference, for: token.user, requiring: permission)
        } catch {
            throw Refusal(error)
        }
        if let claimed = request.headers[.xAccountID], claimed != text, claimed != account.brokerUserID {
            guard let other = AccountReference(claimed),
                let meant = try? await directory.resolve(other, for: token.user, requiring: .view),
                meant.id == account.id
            else { throw Refusal(.accountMismatch) }
        }
        if let session = desk.session(of: account.id) {
            return AccountCall(account: account, token: token, session: session)
        }
        let standing = await logins?.standing(of: account.id)
        return AccountCall(
            account: account, token: token, session: nil,
            signedOut: standing.flatMap { $0.state == .signedOut ? $0.reason : nil })
    }
}

/// Which methods each path of the table takes.
struct RouteIndex: Sendable {
    private let entries: [(segments: [Substring], method: HTTPRequest.Method)]

    init(_ routes: [Route]) {
        entries = routes.map { ($0.path.split(separator: "/"), $0.method) }
    }

    /// The methods that a path takes; none where nothing is there.
    func methods(at path: String) -> [HTTPRequest.Method] {
        let parts = path.split(separator: "/")
        return entries.filter { Self.matches($0.segments, parts) }.map(\.method)
    }

    private static func matches(_ template: [Substring], _ parts: [Substring]) -> Bool {
        template.count == parts.count
            && zip(template, parts).allSatisfy { expected, part in expected.hasPrefix("{") || expected == part }
    }
}

extension HTTPField.Name {
    static let xAccountID = named("X-Account-ID")
    static let idempotencyKey = named("Idempotency-Key")
    static let idempotentReplayed = named("Idempotent-Replayed")
    static let serverTiming = named("Server-Timing")
    static let rateLimitLimit = named("X-RateLimit-Limit")
    static let rateLimitRemaining = named("X-RateLimit-Remaining")
    static let rateLimitReset = named("X-RateLimit-Reset")

    private static func named(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is not a field name") }
        return name
    }
}
