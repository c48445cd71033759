/// Why a login did not give a session. No field ever holds a token, a password, a code or a seed.
public struct KiteLoginError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure.
    public var code: Code
    /// One sentence, Kite's own where it gave one.
    public var message: String
    /// The HTTP status, nil when there was no answer.
    public var httpStatus: Int?

    /// A failure with its sentence.
    public init(_ code: Code, _ message: String, httpStatus: Int? = nil) {
        self.code = code
        self.message = KiteError.bounded(message, limit: 300)
        self.httpStatus = httpStatus
    }

    /// Whether the same login may succeed a little later without a person: nothing was wrong with what was sent.
    public var isTransient: Bool { [.unreachable, .timeout, .unavailable, .rateLimited].contains(code) }

    /// One line: code, status and message.
    public var description: String {
        "\(code.rawValue)\(httpStatus.map { " (HTTP \($0))" } ?? ""): \(message)"
    }
}

extension KiteLoginError {
    /// The kind of failure; more kinds may be added.
    public struct Code: KiteWord {
        /// A stable lower-case word.
        public let rawValue: String
        /// Takes a stable lower-case word.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The user id or the password is wrong; trying again locks the account.
        public static let wrongPassword: Self = "wrong_password"
        /// The one-time code was refused: a wrong seed, or a clock that is off.
        public static let wrongCode: Self = "wrong_code"
        /// The account is locked or blocked; a person has to unlock it.
        public static let accountLocked: Self = "account_locked"
        /// Kite wants to see a person.
        public static let captcha: Self = "captcha"
        /// Kite asks for another second factor than time codes.
        public static let secondFactor: Self = "second_factor"
        /// Kite shows a page where it should redirect, such as the one that asks to authorise the app: log in once in
        /// a browser.
        public static let unknownPage: Self = "unknown_page"
        /// Kite sends us to another host without a request token; nothing was sent there.
        public static let leavesHost: Self = "leaves_host"
        /// Kite redirected with another status than success.
        public static let declined: Self = "declined"
        /// The session belongs to another user than the one who was to sign in.
        public static let otherUser: Self = "other_user"
        /// The seed is not base32, or the address of the login page is not one.
        public static let settings: Self = "settings"
        /// The request token was not taken.
        public static let exchange: Self = "exchange"
        /// Too many requests (HTTP 429).
        public static let rateLimited: Self = "rate_limited"
        /// Kite's web answers with a server error.
        public static let unavailable: Self = "unavailable"
        /// No connection, or the connection was lost.
        public static let unreachable: Self = "unreachable"
        /// No complete answer, or no person, in time.
        public static let timeout: Self = "timeout"
        /// The task was cancelled.
        public static let cancelled: Self = "cancelled"
        /// The listener's port cannot be had.
        public static let port: Self = "port"
    }

    static let cancellation = KiteLoginError(.cancelled, "The login was cancelled.")
}
