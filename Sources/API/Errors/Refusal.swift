import Accounts
import Brokers
import Gateway
import HTTPTypes
import Trading

/// An answer that says no, and why.
package struct Refusal: Error, Sendable {
    /// The HTTP status.
    package let status: HTTPResponse.Status
    /// A stable word for programs.
    package let code: String
    /// A sentence that says what to do.
    package let detail: String
    /// Header fields that belong to the answer.
    package var headers: HTTPFields = [:]
    /// Set where a new order was refused: its answer has further members.
    package var placement: RefusedOrder?

    /// Refuses with a code of the catalogue, and a sentence of its own where that says more.
    package init(_ code: ErrorCode, _ detail: String? = nil, retryAfter seconds: Int? = nil) {
        status = code.status
        self.code = code.rawValue
        self.detail = detail ?? code.sentence
        headers[.retryAfter] = seconds.map(String.init)
        switch code {
        case .notAuthenticated, .wrongCredentials: headers[.wwwAuthenticate] = "Bearer"
        case .invalidToken: headers[.wwwAuthenticate] = "Bearer error=\"invalid_token\""
        default: break
        }
    }

    /// Refuses an order that breaks a rule of its instrument.
    package init(_ denial: OrderDenial) {
        status = .badRequest
        code = denial.code
        detail = denial.sentence
    }

    /// Refuses for what the gateway said.
    package init(_ error: GatewayError) {
        switch error {
        case .denied(let denial): self.init(denial)
        case .keyInProgress: self.init(.keyInProgress, retryAfter: 1)
        case .keyReused: self.init(ErrorCode.keyReused)
        case .journalUnavailable: self.init(.journalUnavailable, retryAfter: 5)
        case .notReady(let reason): self.init(.sessionNotReady, reason, retryAfter: 1)
        case .signedOut(let reason): self.init(.brokerSessionExpired, reason, retryAfter: 30)
        case .unknownOrder: self.init(ErrorCode.orderNotFound)
        case .notOpen(let status): self.init(.orderNotOpen, "The order is \(status.word); only open orders change.")
        case .tooManyOrders: self.init(.tooManyOrders, retryAfter: 1)
        case .refused(let refusal): self.init(.rejectedByBroker, refusal.message)
        case .outcomeUnknown(let reason): self.init(.brokerTimeout, reason)
        }
    }

    /// Refuses for what the broker said to a question.
    package init(_ error: BrokerError) {
        switch error.cause {
        case .unreachable: self.init(.brokerUnreachable, error.message, retryAfter: 1)
        case .timeout: self.init(.brokerTimeout, error.message, retryAfter: 1)
        case .rateLimited: self.init(.brokerRateLimited, error.message, retryAfter: 1)
        case .session: self.init(.brokerSessionExpired, error.message)
        case .permission, .input, .margin, .holding, .order, .invalidAnswer, .unsupported:
            self.init(.brokerError, error.message)
        }
    }

    /// Refuses for what the account directory said.
    package init(_ error: AccessError) {
        switch error {
        case .notFound: self.init(.accountNotFound, error.description)
        case .forbidden: self.init(.permissionMissing, error.description)
        case .unavailable: self.init(.storeUnavailable, retryAfter: 1)
        }
    }

    /// Refuses for what sign-in said.
    package init(_ error: SignInError) {
        switch error {
        case .wrongCredentials: self.init(ErrorCode.wrongCredentials)
        case .tooManyAttempts(let wait):
            self.init(.tooManyAttempts, retryAfter: max(1, Int(wait.components.seconds)))
        case .deactivated: self.init(ErrorCode.userDeactivated)
        case .busy: self.init(.busy, retryAfter: 1)
        case .unavailable: self.init(.storeUnavailable, retryAfter: 1)
        }
    }
}

/// The numbers of an order that was refused, as far as it has any.
package struct RefusedOrder: Sendable {
    /// The broker's number.
    package var brokerOrderID: String?
    /// The tag the order has, or would have, in the broker's book.
    package var clientOrderID: String?

    /// Puts the numbers together.
    package init(brokerOrderID: String? = nil, clientOrderID: String? = nil) {
        self.brokerOrderID = brokerOrderID
        self.clientOrderID = clientOrderID
    }
}
