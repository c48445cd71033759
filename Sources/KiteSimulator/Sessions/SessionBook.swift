import Crypto
import Trading

/// Fills a number of bytes with chance; handed in, so that tests own it.
package typealias RandomBytes = @Sendable (_ count: Int) -> [UInt8]

/// A signed-in user of an app.
struct KiteSession: Sendable, Hashable {
    let app: SimulatorConfiguration.App
    let user: SimulatorConfiguration.User
    let accessToken: String
    let publicToken: String
    /// What the session can be renewed with; nil for most apps.
    let refreshToken: String?
    let loginTime: Timestamp
    /// Six in the morning of the next Indian day.
    let expiry: Timestamp
}

/// Request tokens and sessions: decides from the times it is handed.
///
/// A new sign-in leaves the earlier sessions of the same app and user alone. Source: Kite Connect, user.
struct SessionBook {
    /// How long a request token lives.
    static let requestTokenLife: Duration = .seconds(300)

    private struct Grant {
        let apiKey: String?
        let user: SimulatorConfiguration.User
        let expiry: Timestamp
    }

    private let apps: [String: SimulatorConfiguration.App]
    private let users: [String: SimulatorConfiguration.User]
    private let random: RandomBytes
    private var grants: [String: Grant] = [:]
    private var sessions: [String: KiteSession] = [:]
    /// What refresh tokens stand for; they live until they are invalidated.
    private var renewals: [String: (apiKey: String, user: SimulatorConfiguration.User)] = [:]
    private var sweptDay = CalendarDate(daysSinceEpoch: 0)

    init(configuration: SimulatorConfiguration, random: @escaping RandomBytes) {
        apps = Dictionary(configuration.apps.map { ($0.apiKey, $0) }) { first, _ in first }
        users = Dictionary(configuration.users.map { ($0.userID, $0) }) { first, _ in first }
        self.random = random
    }

    func app(_ apiKey: String) -> SimulatorConfiguration.App? { apps[apiKey] }

    func user(_ userID: String) -> SimulatorConfiguration.User? { users[userID] }

    /// Makes a single-use token for a user, for one app or for any; nil where the user is unknown.
    mutating func mintRequestToken(
        userID: String, apiKey: String?, lifetime: Duration, at now: Timestamp
    ) -> String? {
        guard let user = users[userID] else { return nil }
        let token = freshToken()
        grants[token] = Grant(apiKey: apiKey, user: user, expiry: now.advanced(by: lifetime))
        return token
    }

    /// Exchanges a request token for a session; the token is used up by the first right exchange.
    mutating func exchange(
        apiKey: String, requestToken: String, checksum: String, at now: Timestamp
    ) throws(KiteRefusal) -> KiteSession {
        sweep(at: now)
        guard let app = apps[apiKey] else { throw .apiKey }
        guard let grant = grants[requestToken], now < grant.expiry, grant.apiKey ?? apiKey == apiKey else {
            throw .requestToken
        }
        let expected = Self.hexSHA256(apiKey + requestToken + app.apiSecret)
        guard checksum.lowercased() == expected else { throw .checksum }
        grants[requestToken] = nil
        let refreshToken = app.offersRefreshTokens ? freshToken() : nil
        if let refreshToken { renewals[refreshToken] = (apiKey, grant.user) }
        return open(app, grant.user, refreshToken: refreshToken, at: now)
    }

    /// Opens a new session with a refresh token, which stays good.
    mutating func renew(
        apiKey: String, refreshToken: String, checksum: String, at now: Timestamp
    ) throws(KiteRefusal) -> KiteSession {
        sweep(at: now)
        guard let app = apps[apiKey] else { throw .apiKey }
        guard app.offersRefreshTokens else { throw .refresh }
        guard let renewal = renewals[refreshToken], renewal.apiKey == apiKey else { throw .requestToken }
        guard checksum.lowercased() == Self.hexSHA256(apiKey + refreshToken + app.apiSecret) else { throw .checksum }
        return open(app, renewal.user, refreshToken: refreshToken, at: now)
    }

    /// Makes a refresh token worthless; false where there is none.
    mutating func end(apiKey: String, refreshToken: String) -> Bool {
        guard renewals[refreshToken]?.apiKey == apiKey else { return false }
        renewals[refreshToken] = nil
        return true
    }

    private mutating func open(
        _ app: SimulatorConfiguration.App, _ user: SimulatorConfiguration.User, refreshToken: String?,
        at now: Timestamp
    ) -> KiteSession {
        let session = KiteSession(
            app: app, user: user, accessToken: freshToken(), publicToken: freshToken(), refreshToken: refreshToken,
            loginTime: now, expiry: Self.expiry(ofLoginAt: now))
        sessions[session.accessToken] = session
        return session
    }

    /// The live session that a key and a token name.
    func session(apiKey: some StringProtocol, accessToken: some StringProtocol, at now: Timestamp) -> KiteSession? {
        guard let session = sessions[String(accessToken)], session.app.apiKey == apiKey, now < session.expiry else {
            return nil
        }
        return session
    }

    /// Ends a session; false where there is none.
    mutating func end(apiKey: String, accessToken: String) -> Bool {
        guard sessions[accessToken]?.app.apiKey == apiKey else { return false }
        sessions[accessToken] = nil
        return true
    }

    /// Ends the other sessions of the same app and user; gives their access tokens.
    mutating func endOthers(than session: KiteSession) -> [String] {
        let others = sessions.values.filter {
            $0.app.apiKey == session.app.apiKey && $0.user.userID == session.user.userID
                && $0.accessToken != session.accessToken
        }
        for other in others { sessions[other.accessToken] = nil }
        return others.map(\.accessToken)
    }

    /// Ends the sessions of a user, of an app, of both or, where nothing is said, of all; gives their access tokens.
    mutating func end(userID: String?, apiKey: String?) -> [String] {
        let ended = sessions.values.filter {
            $0.user.userID == userID ?? $0.user.userID && $0.app.apiKey == apiKey ?? $0.app.apiKey
        }
        for session in ended { sessions[session.accessToken] = nil }
        return ended.map(\.accessToken)
    }

    /// The sessions that are alive, the oldest first.
    func sessions(at now: Timestamp) -> [KiteSession] {
        sessions.values.filter { now < $0.expiry }.sorted { $0.loginTime < $1.loginTime }
    }

    /// Six in the morning, Indian time, of the day after the sign-in.
    static func expiry(ofLoginAt time: Timestamp) -> Timestamp {
        Timestamp(indianDate: time.indian.date.adding(days: 1), secondOfDay: 6 * 3_600)
    }

    /// Drops once a day what can never be used again.
    private mutating func sweep(at now: Timestamp) {
        let day = now.indian.date
        guard day != sweptDay else { return }
        sweptDay = day
        grants = grants.filter { now < $0.value.expiry }
        sessions = sessions.filter { now < $0.value.expiry }
    }

    private func freshToken() -> String { Self.token(random) }

    /// 32 letters and digits, as the broker's tokens are.
    static func token(_ random: RandomBytes) -> String { RandomText.token(random) }

    static func hexSHA256(_ text: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let bytes = SHA256.hash(data: Array(text.utf8)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
