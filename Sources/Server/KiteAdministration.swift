import Accounts
import AsyncHTTPClient
import KiteConnect
import Storage
import Trading

/// Links Kite accounts and signs them in from the command line, also while a server runs on the same data directory:
/// the server sees within seconds what was put into the vault.
package struct KiteAdministration: Sendable {
    /// An account to be linked, as typed.
    package struct NewLink: Sendable {
        package let ownerEmail: String
        package let brokerUserID: String
        package let name: String
        package let apiKey: Secret
        package let apiSecret: Secret
        /// Where the broker answers; nil for Kite itself.
        package let endpoint: BrokerEndpoint?

        /// Puts a link together.
        package init(
            ownerEmail: String, brokerUserID: String, name: String, apiKey: Secret, apiSecret: Secret,
            endpoint: BrokerEndpoint?
        ) {
            self.ownerEmail = ownerEmail
            self.brokerUserID = brokerUserID
            self.name = name
            self.apiKey = apiKey
            self.apiSecret = apiSecret
            self.endpoint = endpoint
        }
    }

    /// What signs a person in without him.
    package struct UnattendedCredentials: Sendable {
        package let password: Secret
        package let totpSeed: Secret

        /// Pairs them.
        package init(password: Secret, totpSeed: Secret) {
            self.password = password
            self.totpSeed = totpSeed
        }
    }

    /// How an account stands, for people; no secret.
    package struct Line: Sendable, Equatable {
        package let id: TradingAccountID
        package let brokerUserID: String
        package let name: String
        /// `signed in`, `expiring` or `signed out`.
        package let state: String
        /// Until when, in Indian time; nil without a session.
        package let validUntil: String?
        package let isUnattended: Bool
    }

    /// An account whose login was made.
    package struct SignedIn: Sendable, Equatable {
        package let brokerUserID: String
        /// Until when, in Indian time.
        package let validUntil: String
    }

    private let users: any UserStore
    private let accounts: any TradingAccountStore
    private let vault: CredentialVault
    private let login: KiteAccountLogin

    /// Runs a body on a data directory and closes everything afterwards.
    package static func with<Value: Sendable>(
        dataDirectory: String, _ body: (KiteAdministration) async throws -> Value
    ) async throws -> Value {
        let database: Database
        let keyFile: KeyFile
        do {
            database = try Database.open(at: dataDirectory)
            keyFile = try KeyFile.open(at: dataDirectory + "/quantagro.keyfile")
        } catch {
            throw StartError.machine("\(error)")
        }
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .kite)
        let outcome: Result<Value, any Error>
        do {
            outcome = .success(try await body(KiteAdministration(database, keyFile, http)))
        } catch {
            outcome = .failure(error)
        }
        try await http.shutdown()
        try database.close()
        return try outcome.get()
    }

    private init(_ database: Database, _ keyFile: KeyFile, _ http: HTTPClient) {
        users = SQLiteUserStore(database)
        accounts = SQLiteTradingAccountStore(database)
        vault = CredentialVault(store: accounts, keyFile: keyFile)
        login = KiteAccountLogin(vault: vault, accounts: accounts, http: http, time: SystemTime.timekeeping)
    }

    /// Links an account; it waits for its first login.
    package func link(_ new: NewLink) async throws -> TradingAccountID {
        guard AccountReference(new.brokerUserID) != nil else {
            throw StartError.usage("The broker's user id is 1 to 100 letters, digits and -_.@ only.")
        }
        guard !new.apiKey.reveal().isEmpty, !new.apiSecret.reveal().isEmpty else {
            throw StartError.usage("The API key and the API secret must not be empty.")
        }
        guard let email = EmailAddress(new.ownerEmail), let owner = try await users.login(email)?.user else {
            throw StartError.usage("There is no user \(new.ownerEmail); make one with: quantagro user create.")
        }
        var account = NewTradingAccount(
            owner: owner.id, broker: .kite, brokerUserID: new.brokerUserID, name: new.name,
            credentials: BrokerCredentials([.apiKey: new.apiKey, .apiSecret: new.apiSecret]))
        account.endpoint = new.endpoint
        do throws(LinkError) {
            return try await vault.link(account, at: SystemTime.now()).id
        } catch {
            if case .alreadyLinked = error { throw StartError.usage(error.description) }
            throw StartError.machine(error.description)
        }
    }

    /// Allows an account to sign in without a person, or takes that back; the password and the seed stay sealed.
    package func setUnattended(_ credentials: UnattendedCredentials?, of reference: String?) async throws {
        let account = try await account(reference)
        if let credentials {
            guard KiteTimeCode(seed: credentials.totpSeed.reveal()) != nil else {
                throw StartError.usage("The seed of the time codes is not base32.")
            }
            try await replace(.password, with: credentials.password, of: account)
            try await replace(.totpSeed, with: credentials.totpSeed, of: account)
        }
        try await replace(.unattendedLogin, with: Secret(credentials == nil ? "off" : "on"), of: account)
    }

    /// Signs an account in at Kite's page: shows the page's address and waits for the browser to come back.
    package func logIn(
        _ reference: String?, port: Int, path: String, within limit: Duration,
        show: (_ loginURL: String, _ redirectURL: String) -> Void
    ) async throws -> SignedIn {
        let account = try await account(reference)
        let credentials = try await vault.credentials(of: account.id)
        return try await signingIn { () throws(KiteLoginError) in
            let configuration = try KiteAccountLogin.configuration(of: account, credentials)
            let listener = try await KiteLoginListener.open(port: port, path: path)
            let client = KiteClient(configuration: configuration, httpClient: login.http)
            show(client.loginURL(redirectParameters: listener.redirectParameters), listener.redirectURL)
            let token = try await listener.requestToken(within: limit)
            return (account, try await login.exchange(Secret(token), for: account))
        }
    }

    /// Whether an account's vault has what signs in without a person.
    package func hasUnattendedCredentials(_ reference: String?) async throws -> Bool {
        let credentials = try await vault.credentials(of: try await account(reference).id)
        return credentials[.password] != nil && credentials[.totpSeed] != nil
    }

    /// Signs an account in with a password and time codes: those given, else those of the vault.
    package func logInUnattended(_ reference: String?, given: UnattendedCredentials?) async throws -> SignedIn {
        let account = try await account(reference)
        return try await signingIn { () throws(KiteLoginError) in
            let typed = given.map {
                KiteLoginCredentials(
                    userID: account.brokerUserID, password: $0.password.reveal(), totpSeed: $0.totpSeed.reveal())
            }
            return (account, try await login.signInUnattended(account, given: typed))
        }
    }

    /// Every linked Kite account and how its login stands.
    package func status() async throws -> [Line] {
        var lines: [Line] = []
        for account in try await accounts.accounts() where account.broker == .kite {
            let credentials = try await vault.credentials(of: account.id)
            let life = credentials.session.map { KiteSessionLife(loginTime: $0.loginTime.kiteTime) }
            let state = life?.state(at: SystemTime.now().kiteTime) ?? .expired
            let word =
                switch state {
                case .fresh: "signed in"
                case .expiring: "expiring"
                case .expired: "signed out"
                }
            lines.append(
                Line(
                    id: account.id, brokerUserID: account.brokerUserID, name: account.name, state: word,
                    validUntil: state == .expired ? nil : life.map { "\($0.expiry)" },
                    isUnattended: credentials.allowsUnattendedLogin))
        }
        return lines
    }

    private func signingIn(
        _ body: () async throws(KiteLoginError) -> (TradingAccount, BrokerSessionToken)
    ) async throws -> SignedIn {
        do throws(KiteLoginError) {
            let (account, session) = try await body()
            let life = KiteSessionLife(loginTime: session.loginTime.kiteTime)
            return SignedIn(brokerUserID: account.brokerUserID, validUntil: "\(life.expiry)")
        } catch {
            throw StartError.machine("The login failed, \(error)")
        }
    }

    /// The account that is meant: by our number, by the broker's name, or the only one there is.
    private func account(_ reference: String?) async throws -> TradingAccount {
        let linked = try await accounts.accounts().filter { $0.broker == .kite }
        guard let reference else {
            guard let only = linked.first, linked.count == 1 else {
                throw StartError.usage(
                    linked.isEmpty
                        ? "No Kite account is linked; link one with: quantagro kite link."
                        : "Several Kite accounts are linked; name one with --account.")
            }
            return only
        }
        let found = linked.first { $0.id.description == reference } ?? linked.first { $0.brokerUserID == reference }
        guard let found else { throw StartError.usage("No linked Kite account is called \(reference).") }
        return found
    }

    private func replace(
        _ field: CredentialField, with secret: Secret, of account: TradingAccount
    ) async throws(StartError) {
        do throws(VaultError) {
            try await vault.replace(field, with: secret, of: account.id)
        } catch {
            throw .machine(error.description)
        }
    }
}
