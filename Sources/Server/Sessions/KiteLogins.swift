import Accounts
import KiteConnect
import Synchronization
import Trading

/// Lets people sign accounts in at Kite's page and come back through the API.
final class KiteLogins: BrokerLogins {
    private let login: KiteAccountLogin
    private let sessions: BrokerSessions
    private let directory: AccountDirectory
    private let now: WallClock
    private let newState: @Sendable () -> String
    private let pending = Mutex(PendingLogins())

    /// Takes what it works with; `newState` gives words that nobody can guess.
    init(
        login: KiteAccountLogin, sessions: BrokerSessions, directory: AccountDirectory, now: @escaping WallClock,
        newState: @escaping @Sendable () -> String = KiteLogins.randomState
    ) {
        self.login = login
        self.sessions = sessions
        self.directory = directory
        self.now = now
        self.newState = newState
    }

    func standing(of account: TradingAccountID) async -> BrokerStanding? {
        await sessions.standing(of: account)
    }

    func begin(_ account: TradingAccount, by user: UserID) async throws(BrokerLoginError) -> LoginInvitation {
        guard account.broker == .kite else { throw .unsupported("This account's broker has no login page.") }
        let credentials: BrokerCredentials
        do { credentials = try await login.vault.credentials(of: account.id) } catch { throw .unavailable }
        let configuration: KiteConfiguration
        do throws(KiteLoginError) {
            configuration = try KiteAccountLogin.configuration(of: account, credentials)
        } catch {
            throw .unsupported(error.message)
        }
        let state = newState()
        let waiting = pending.withLock { $0.add(state: state, account: account.id, user: user, at: now()) }
        let client = KiteClient(configuration: configuration, httpClient: login.http)
        return LoginInvitation(
            url: client.loginURL(redirectParameters: [("state", state)]), state: state, expiry: waiting.expiry)
    }

    func finish(_ answer: LoginReturn) async throws(BrokerLoginError) -> TradingAccount {
        guard let waiting = pending.withLock({ $0.take(state: answer.state, at: now()) }) else { throw .unknownState }
        let account: TradingAccount
        do throws(AccessError) {
            account = try await directory.resolve(
                AccountReference(waiting.account), for: waiting.user, requiring: .manage)
        } catch {
            if case .unavailable = error { throw .unavailable }
            throw .notAllowed
        }
        guard answer.status == "success" else { throw .declined }
        do throws(KiteLoginError) {
            _ = try await login.exchange(answer.requestToken, for: account)
        } catch {
            switch error.code {
            case .otherUser: throw .otherUser(error.message)
            case .settings: throw .unsupported(error.message)
            case _ where error.isTransient || error.code == .cancelled: throw .unreachable(error.message)
            default: throw .refused(error.message)
            }
        }
        sessions.lookNow()
        return account
    }

    /// 256 random bits.
    static let randomState: @Sendable () -> String = {
        var random = SystemRandomNumberGenerator()
        let digits = Array("0123456789abcdef")
        return String((0..<64).compactMap { _ in digits.randomElement(using: &random) })
    }
}
