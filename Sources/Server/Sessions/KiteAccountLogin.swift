import Accounts
import AsyncHTTPClient
import Gateway
import KiteConnect
import Trading

/// Obtains sessions of linked Kite accounts and keeps them in the vault; the server and the command line share it.
struct KiteAccountLogin: Sendable {
    let vault: CredentialVault
    let accounts: any TradingAccountStore
    let http: HTTPClient
    let time: Timekeeping

    /// Where an account's broker answers, with its key.
    static func configuration(
        of account: TradingAccount, _ credentials: BrokerCredentials
    ) throws(KiteLoginError) -> KiteConfiguration {
        guard let apiKey = credentials[.apiKey], credentials[.apiSecret] != nil else {
            throw KiteLoginError(.settings, "The API key or secret is missing; link the account again.")
        }
        // Calls count against the limits of the user and of the app, whichever of our accounts makes them.
        var configuration = KiteConfiguration(apiKey: apiKey.reveal(), userID: account.brokerUserID)
        if let endpoint = account.endpoint {
            configuration.baseURL = endpoint.baseURL
            configuration.tickerURL = endpoint.tickerURL
            configuration.loginPageURL = endpoint.baseURL + "/connect/login"
        }
        return configuration
    }

    /// Exchanges a request token for a session of the account's own client.
    func exchange(
        _ requestToken: Secret, for account: TradingAccount, isKept: Bool = true
    ) async throws(KiteLoginError) -> BrokerSessionToken {
        let credentials = try await credentials(of: account)
        let client = KiteClient(
            configuration: try Self.configuration(of: account, credentials), httpClient: http)
        let session = try await client.session(
            requestToken: requestToken.reveal(), apiSecret: credentials[.apiSecret]?.reveal() ?? "",
            of: account.brokerUserID)
        return try await take(session, of: account, isKept: isKept)
    }

    /// Signs in with a password and time codes.
    ///
    /// - Parameter given: what a person typed; nil takes what the vault has.
    func signInUnattended(
        _ account: TradingAccount, given: KiteLoginCredentials? = nil
    ) async throws(KiteLoginError) -> BrokerSessionToken {
        let credentials = try await credentials(of: account)
        var login = given
        if login == nil, let password = credentials[.password], let seed = credentials[.totpSeed] {
            login = KiteLoginCredentials(
                userID: account.brokerUserID, password: password.reveal(), totpSeed: seed.reveal())
        }
        guard let login else {
            throw KiteLoginError(.settings, "The password or the seed of the time codes is missing.")
        }
        let now = time.now
        let unattended = KiteUnattendedLogin(
            configuration: try Self.configuration(of: account, credentials), httpClient: http,
            now: { now().kiteTime }, sleep: time.sleep)
        let session = try await unattended.signIn(login, apiSecret: credentials[.apiSecret]?.reveal() ?? "")
        return try await take(session, of: account, isKept: true)
    }

    private func credentials(of account: TradingAccount) async throws(KiteLoginError) -> BrokerCredentials {
        do throws(VaultError) {
            return try await vault.credentials(of: account.id)
        } catch {
            throw KiteLoginError(.settings, error.description)
        }
    }

    private func take(
        _ session: KiteSession, of account: TradingAccount, isKept: Bool
    ) async throws(KiteLoginError) -> BrokerSessionToken {
        let token = BrokerSessionToken(
            accessToken: Secret(session.accessToken),
            loginTime: session.loginTime.map { Timestamp($0) } ?? time.now())
        guard isKept else { return token }
        try await keep(token, of: account)
        if account.status == .pendingVerification || account.status == .credentialsExpired {
            // The next login tries again; the session is kept whatever the word beside the account says.
            try? await accounts.setStatus(.active, of: account.id)
        }
        return token
    }

    /// Keeps a session; of two that sign in at the same time the later one stays.
    private func keep(_ token: BrokerSessionToken, of account: TradingAccount) async throws(KiteLoginError) {
        for attempt in 1...3 {
            do throws(VaultError) {
                return try await vault.replace(.session, with: token.sealed, of: account.id)
            } catch .changedMeanwhile where attempt < 3 {
                continue
            } catch {
                throw KiteLoginError(.settings, "The session cannot be kept: \(error.description)")
            }
        }
    }
}
