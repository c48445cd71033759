import HTTPTypes

/// Every code an error body can carry, with its HTTP status and the sentence a person reads.
///
/// Codes are stable: programs switch on them. Orders that break a rule of their instrument carry the codes of
/// `OrderDenial` instead, with status 400.
package enum ErrorCode: String, Sendable, CaseIterable {
    case badRequest = "bad_request"
    case malformedJSON = "malformed_json"
    case repeatedField = "repeated_field"
    case unknownField = "unknown_field"
    case missingField = "missing_field"
    case invalidField = "invalid_field"
    case invalidParameter = "invalid_parameter"
    case invalidIdempotencyKey = "invalid_idempotency_key"
    case accountMismatch = "account_mismatch"
    case nothingToChange = "nothing_to_change"
    case rejectedByBroker = "rejected_by_broker"
    case loginNotSupported = "login_not_supported"
    case invalidLoginState = "invalid_login_state"
    case loginDeclined = "login_declined"
    case brokerUserMismatch = "broker_user_mismatch"
    case notAuthenticated = "not_authenticated"
    case invalidToken = "invalid_token"
    case wrongCredentials = "wrong_credentials"
    case userDeactivated = "user_deactivated"
    case permissionMissing = "permission_missing"
    case originNotAllowed = "origin_not_allowed"
    case routeNotFound = "route_not_found"
    case accountNotFound = "account_not_found"
    case orderNotFound = "order_not_found"
    case methodNotAllowed = "method_not_allowed"
    case keyInProgress = "idempotency_key_in_progress"
    case orderNotOpen = "order_not_open"
    case bodyTooLarge = "body_too_large"
    case unsupportedMediaType = "unsupported_media_type"
    case keyReused = "idempotency_key_reused"
    case upgradeRequired = "upgrade_required"
    case rateLimited = "rate_limited"
    case tooManyAttempts = "too_many_attempts"
    case tooManyOrders = "too_many_orders"
    case internalError = "internal_error"
    case brokerError = "broker_error"
    case brokerUnreachable = "broker_unreachable"
    case notSent = "not_sent"
    case sessionNotReady = "session_not_ready"
    case brokerSessionExpired = "broker_session_expired"
    case brokerRateLimited = "broker_rate_limited"
    case journalUnavailable = "journal_unavailable"
    case storeUnavailable = "store_unavailable"
    case busy = "busy"
    case brokerTimeout = "broker_timeout"

    /// The status that goes with the code.
    package var status: HTTPResponse.Status {
        switch self {
        case .badRequest, .malformedJSON, .repeatedField, .unknownField, .missingField, .invalidField,
            .invalidParameter, .invalidIdempotencyKey, .accountMismatch, .nothingToChange, .rejectedByBroker,
            .loginNotSupported, .invalidLoginState, .loginDeclined:
            .badRequest
        case .notAuthenticated, .invalidToken, .wrongCredentials: .unauthorized
        case .userDeactivated, .permissionMissing, .originNotAllowed: .forbidden
        case .routeNotFound, .accountNotFound, .orderNotFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .keyInProgress, .orderNotOpen, .brokerUserMismatch: .conflict
        case .bodyTooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .keyReused: .unprocessableContent
        case .upgradeRequired: .upgradeRequired
        case .rateLimited, .tooManyAttempts, .tooManyOrders: .tooManyRequests
        case .internalError: .internalServerError
        case .brokerError, .brokerUnreachable: .badGateway
        case .notSent, .sessionNotReady, .brokerSessionExpired, .brokerRateLimited, .journalUnavailable,
            .storeUnavailable, .busy:
            .serviceUnavailable
        case .brokerTimeout: .gatewayTimeout
        }
    }

    /// What a person reads where nothing more is known.
    package var sentence: String {
        switch self {
        case .badRequest: "The request cannot be understood."
        case .malformedJSON: "The body is not one JSON object."
        case .repeatedField: "A field is given twice; give each field once."
        case .unknownField: "The body has a field that is not known here."
        case .missingField: "A required field is missing."
        case .invalidField: "A field has a value that is not allowed."
        case .invalidParameter: "A query parameter has a value that is not allowed."
        case .invalidIdempotencyKey: "Idempotency-Key must be 1 to 255 visible ASCII characters."
        case .accountMismatch: "X-Account-ID names another account than the path; send the one you mean in both."
        case .nothingToChange: "Nothing to change; give at least one of the fields that can be changed."
        case .rejectedByBroker: "The broker refused."
        case .loginNotSupported: "This account cannot sign in that way."
        case .invalidLoginState: "Nobody waits for this sign-in: it was used or is too old; start a new one."
        case .loginDeclined: "The broker came back without a sign-in; start a new one."
        case .brokerUserMismatch: "Somebody else signed in at the broker than this account belongs to."
        case .notAuthenticated: "Sign in and send the token as Authorization: Bearer."
        case .invalidToken: "The access token is not valid; sign in again."
        case .wrongCredentials: "The e-mail address or the password is wrong."
        case .userDeactivated: "This user is deactivated; ask whoever runs this installation."
        case .permissionMissing: "You lack the permission for this on the account; ask its owner."
        case .originNotAllowed: "Pages of this origin may not connect; add it to the allowed origins."
        case .routeNotFound: "There is nothing at this address."
        case .accountNotFound: "No such trading account; GET /accounts lists yours."
        case .orderNotFound: "This account has no such order today; GET its orders."
        case .methodNotAllowed: "This address does not take that method."
        case .keyInProgress: "An order under the same Idempotency-Key is on its way; ask again in a moment."
        case .orderNotOpen: "The order is not open any more."
        case .bodyTooLarge: "The body is larger than 1 MiB."
        case .unsupportedMediaType: "Send the body as Content-Type: application/json."
        case .keyReused: "The Idempotency-Key was used for another order; use a new one."
        case .upgradeRequired: "This address speaks WebSocket only."
        case .rateLimited: "Too many requests; wait until the time in Retry-After has passed."
        case .tooManyAttempts: "Too many failed attempts; try again later."
        case .tooManyOrders: "The broker's limits leave no room for this order now; try again in a moment."
        case .internalError: "Something went wrong here; the correlation id finds it in the log."
        case .brokerError: "The broker answered with an error."
        case .brokerUnreachable: "The broker cannot be reached."
        case .notSent: "The order did not reach the broker. It is safe to send it again under a new Idempotency-Key."
        case .sessionNotReady: "The account's session with the broker is not ready; try again in a moment."
        case .brokerSessionExpired: "The broker no longer takes this account's login; log in at the broker again."
        case .brokerRateLimited: "The broker asks to slow down; try again in a moment."
        case .journalUnavailable: "Orders cannot be recorded now, so none is sent; nothing happened to this one."
        case .storeUnavailable: "The database does not answer; try again in a moment."
        case .busy: "Too many people are signing in at once; try again in a moment."
        case .brokerTimeout: "The broker did not answer in time."
        }
    }
}
