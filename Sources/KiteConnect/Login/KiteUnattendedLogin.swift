import AsyncHTTPClient

/// What signs a person in without the person: keep it sealed, and use it only where its owner asked for that.
public struct KiteLoginCredentials: Sendable {
    /// The client code, such as `AB1234`.
    public let userID: String
    let password: String
    let totpSeed: String

    /// Takes the client code, the password and the base32 seed of the time codes.
    public init(userID: String, password: String, totpSeed: String) {
        self.userID = userID
        self.password = password
        self.totpSeed = totpSeed
    }
}

extension KiteLoginCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The user; never the password or the seed.
    public var description: String { "KiteLoginCredentials(userID: \(userID))" }
    /// The same as `description`.
    public var debugDescription: String { description }
    /// Shows nothing but the description.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

/// Signs in at Kite's web with user id, password and time code, for servers that run without a person.
///
/// It follows redirects within the web's own host only, until one carries the request token; that address is never
/// fetched. Cookies live for one login, in memory. A refused password is never sent again; a refused code only where
/// it was made at the very end of its half minute, once, with the next code.
/// Source: the web endpoints that Kite's own login page uses; undocumented, and they may ask for a captcha any day.
public struct KiteUnattendedLogin: Sendable {
    /// Most redirects within Kite's web.
    static let hopLimit = 6

    private let configuration: KiteConfiguration
    private let http: HTTPClient
    private let now: @Sendable () -> KiteTime
    private let sleep: @Sendable (Duration) async throws -> Void
    /// Whether Kite's web is asked not to begin a session of its own beside the app's.
    private let skipsWebSession: Bool

    /// Takes the app's addresses and an HTTP client made with `HTTPClient.Configuration.kite`.
    ///
    /// - Parameters:
    ///   - skipsWebSession: sends `skip_session`, so that the person's own browser stays signed in.
    ///   - now: the time of day, which the codes depend on.
    ///   - sleep: waits; throws when the task is cancelled.
    public init(
        configuration: KiteConfiguration, httpClient: HTTPClient, skipsWebSession: Bool = false,
        now: @escaping @Sendable () -> KiteTime,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.configuration = configuration
        http = httpClient
        self.skipsWebSession = skipsWebSession
        self.now = now
        self.sleep = sleep
    }

    /// Signs in and exchanges the request token for a session of that very user.
    public func signIn(
        _ credentials: KiteLoginCredentials, apiSecret: String
    ) async throws(KiteLoginError) -> KiteSession {
        let token = try await requestToken(credentials)
        let client = KiteClient(configuration: configuration, httpClient: http)
        return try await client.session(requestToken: token, apiSecret: apiSecret, of: credentials.userID)
    }

    /// A request token of the user for the app; it works once and lives a few minutes.
    public func requestToken(_ credentials: KiteLoginCredentials) async throws(KiteLoginError) -> String {
        guard let page = WebAddress(configuration.loginPageURL) else {
            throw KiteLoginError(.settings, "The address of Kite's login page is not one.")
        }
        guard let codes = KiteTimeCode(seed: credentials.totpSeed) else {
            throw KiteLoginError(.settings, "The seed of the time codes is not base32.")
        }
        var browser = LoginBrowser(
            home: page, http: http, timeout: configuration.timeout, userAgent: configuration.userAgent)
        do throws(KiteLoginError) {
            let first = try await browser.post(
                "/api/login", form: [("user_id", credentials.userID), ("password", credentials.password)])
            let requestID = try LoginSteps.requestID(first)
            try await confirm(credentials.userID, requestID, codes, &browser)
            return try await visit(page, &browser)
        } catch {
            throw withoutSecrets(error, credentials)
        }
    }

    private func confirm(
        _ userID: String, _ requestID: String, _ codes: KiteTimeCode, _ browser: inout LoginBrowser
    ) async throws(KiteLoginError) {
        let made = now()
        do throws(KiteLoginError) {
            try await send(codes.code(at: made), userID, requestID, &browser)
        } catch {
            guard error.code == .wrongCode, let wait = LoginSteps.waitForNextCode(codeMade: made, now: now()) else {
                throw error
            }
            do {
                try await sleep(wait)
            } catch {
                throw .cancellation
            }
            try await send(codes.code(at: now()), userID, requestID, &browser)
        }
    }

    private func send(
        _ code: String, _ userID: String, _ requestID: String, _ browser: inout LoginBrowser
    ) async throws(KiteLoginError) {
        var form = [
            (name: "user_id", value: userID), (name: "request_id", value: requestID),
            (name: "twofa_value", value: code), (name: "twofa_type", value: "totp"),
        ]
        if skipsWebSession { form.append((name: "skip_session", value: "true")) }
        try LoginSteps.confirm(await browser.post("/api/twofa", form: form))
    }

    /// Goes from redirect to redirect until one carries the request token.
    private func visit(
        _ page: WebAddress, _ browser: inout LoginBrowser
    ) async throws(KiteLoginError) -> String {
        var query = [(name: "v", value: "3"), (name: "api_key", value: configuration.apiKey)]
        if skipsWebSession { query.append((name: "skip_session", value: "true")) }
        var address = page.at("\(page.target)?\(FormEncoding.encode(query))")
        for _ in 0...Self.hopLimit {
            switch try LoginSteps.visit(await browser.get(address), at: address) {
            case .token(let token): return token
            case .follow(let next): address = next
            }
        }
        throw KiteLoginError(.unknownPage, "Kite's login goes in circles.")
    }

    private func withoutSecrets(_ error: KiteLoginError, _ credentials: KiteLoginCredentials) -> KiteLoginError {
        var error = error
        for secret in [credentials.password, credentials.totpSeed] where secret.count >= 4 {
            error.message = error.message.replacing(secret, with: "[redacted]")
        }
        error.message = configuration.redacted(error.message)
        return error
    }
}

extension KiteClient {
    /// Exchanges a request token for a session and makes sure that it is a certain user's.
    ///
    /// A session of somebody else is ended at once and thrown away: whoever opens a login page decides who signs in.
    public func session(
        requestToken: String, apiSecret: String, of userID: String
    ) async throws(KiteLoginError) -> KiteSession {
        let session: KiteSession
        do throws(KiteError) {
            session = try await generateSession(requestToken: requestToken, apiSecret: apiSecret)
        } catch {
            throw KiteLoginError(error)
        }
        guard session.profile.userID.uppercased() == userID.uppercased() else {
            // It was never ours to use; where ending it fails it ends by itself at 06:00.
            try? await with(accessToken: session.accessToken).invalidateSession()
            throw KiteLoginError(.otherUser, "The person who signed in is not \(userID); the session was ended.")
        }
        return session
    }
}

extension KiteLoginError {
    /// What became of the exchange of a request token.
    init(_ error: KiteError) {
        let code: Code =
            switch error.code {
            case .transport: .unreachable
            case .timeout: .timeout
            case .network: .unavailable
            case .rateLimited: .rateLimited
            case .cancelled: .cancelled
            default: .exchange
            }
        self.init(code, error.message, httpStatus: error.httpStatus)
    }
}
