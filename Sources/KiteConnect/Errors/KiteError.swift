/// Why a call did not give its result, and whether it may have happened all the same.
///
/// Look at `effect` first: only `.unknown` means that an order may stand although no answer says so; look it up
/// before doing anything else. No field ever holds a token, a secret or a body.
public struct KiteError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What may have happened at the other end.
    public var effect: Effect
    /// The kind of failure.
    public var code: Code
    /// Kite's sentence, or one of ours; at most 500 characters.
    public var message: String
    /// The HTTP status, nil when there was no answer.
    public var httpStatus: Int?
    /// Kite's `error_type`, nil when the answer had none.
    public var errorType: String?

    /// Whether a failed call may have taken effect.
    public enum Effect: Sendable, Hashable {
        /// It certainly did not happen: never sent, or turned away before any effect. Safe to try again.
        case none
        /// It was looked at and refused. The same call will be refused again.
        case refused
        /// It may have happened. Look it up before sending anything like it again.
        case unknown
    }

    /// A failure with its effect.
    public init(
        _ code: Code, effect: Effect, message: String, httpStatus: Int? = nil, errorType: String? = nil
    ) {
        self.effect = effect
        self.code = code
        self.message = Self.bounded(message)
        self.httpStatus = httpStatus
        self.errorType = errorType.map { Self.bounded($0, limit: 60) }
    }

    /// Whether the same call can be sent again at once or a little later without any risk of doing it twice.
    public var isRetryable: Bool {
        effect == .none && [.rateLimited, .transport, .timeout, .network, .general, .data].contains(code)
    }

    /// One line: code, effect, status and message.
    public var description: String {
        let status = httpStatus.map { ", HTTP \($0)" } ?? ""
        let type = errorType.map { ", \($0)" } ?? ""
        return "\(code.rawValue) (effect \(effect)\(status)\(type)): \(message)"
    }

    /// Cuts text to a length and makes control characters visible as blanks.
    static func bounded(_ text: String, limit: Int = 500) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
        if isPlain, text.count <= limit { return text }
        let clean = String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
        return clean.count <= limit ? clean : String(clean.prefix(limit - 1)) + "…"
    }
}

extension KiteError {
    /// The kind of failure; more kinds may be added.
    public struct Code: KiteWord {
        /// A stable lower-case word.
        public let rawValue: String
        /// Takes a stable lower-case word.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The session is missing, expired or invalidated: sign in again (`TokenException`).
        public static let token: Self = "token"
        /// Something about the user's account (`UserException`, `TwoFAException`).
        public static let user: Self = "user"
        /// The app, plan or address may not make this call (`PermissionException`, address refusals).
        public static let permission: Self = "permission"
        /// A parameter is missing or wrong (`InputException`, or found wrong before sending).
        public static let input: Self = "input"
        /// The order could not be placed, changed or fetched (`OrderException`).
        public static let order: Self = "order"
        /// Not enough funds (`MarginException`).
        public static let margin: Self = "margin"
        /// Not enough holdings to sell (`HoldingException`).
        public static let holding: Self = "holding"
        /// The holder must authorise the sale at the depository first (HTTP 428).
        public static let authorisationRequired: Self = "authorisation_required"
        /// Kite cannot reach the order system (`NetworkException`, HTTP 502 to 504).
        public static let network: Self = "network"
        /// The order system answered something unintelligible to Kite (`DataException`).
        public static let data: Self = "data"
        /// Anything else that Kite reports (`GeneralException` and unknown types).
        public static let general: Self = "general"
        /// Too many requests (HTTP 429).
        public static let rateLimited: Self = "rate_limited"
        /// The day's or minute's order count, or an order's count of changes, is used up.
        public static let orderLimit: Self = "order_limit"
        /// No connection, or the connection was lost.
        public static let transport: Self = "transport"
        /// No complete answer in time.
        public static let timeout: Self = "timeout"
        /// The task was cancelled.
        public static let cancelled: Self = "cancelled"
        /// The answer is not what Kite documents: truncated, empty, HTML, a redirect, a missing field.
        public static let invalidResponse: Self = "invalid_response"
        /// Kite says that the order system did not answer it in time; the order may stand.
        public static let orderTimedOut: Self = "order_timed_out"
        /// A postback's checksum does not match, so its sender may be anybody.
        public static let unauthentic: Self = "unauthentic"
        /// The path or method is unknown to Kite (HTTP 404, 405, 410).
        public static let notFound: Self = "not_found"
    }
}
