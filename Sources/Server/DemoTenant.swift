import Accounts
import Trading

/// Makes the demo's user and linked accounts, or finds those of an earlier start in the same data directory.
struct DemoTenant {
    static let email = "demo@quantagro.local"

    let users: any UserStore
    let accounts: any TradingAccountStore
    let vault: CredentialVault
    let hasher: PasswordHasher
    let now: Timestamp

    /// Gives the user a new password and makes what is missing.
    func prepare(accountCount: Int) async throws -> DemoCredentials {
        var random = SystemRandomNumberGenerator()
        let password = Secret.randomPassword(using: &random)
        let user = try await user(password)
        var list: [DemoCredentials.Account] = []
        for number in 1...max(1, accountCount) {
            list.append(try await account(number, of: user))
        }
        return DemoCredentials(email: Self.email, password: password, accounts: list)
    }

    private func user(_ password: Secret) async throws -> UserID {
        guard let address = EmailAddress(Self.email) else {
            throw StartError.machine("The demo's address \(Self.email) is malformed.")
        }
        guard let known = try await users.login(address) else {
            return try await UserCreation(users: users, hasher: hasher)
                .create(email: Self.email, name: "Demo", password: password, at: now).id
        }
        let hash = try await hasher.hash(password)
        try await users.replacePasswordHash(of: known.user.id, from: known.passwordHash, to: hash)
        return known.user.id
    }

    private func account(_ number: Int, of user: UserID) async throws -> DemoCredentials.Account {
        let digits = String(number)
        let brokerUserID = "QG" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        let known = try await accounts.accounts(accessibleTo: user).first {
            $0.account.broker == .kite && $0.account.brokerUserID == brokerUserID
        }
        let account: TradingAccount
        if let known {
            account = known.account
        } else {
            account = try await link(brokerUserID, number: number, to: user)
        }
        let credentials = try await vault.credentials(of: account.id)
        guard let apiKey = credentials[.apiKey], let apiSecret = credentials[.apiSecret],
            let password = credentials[.password], let seed = credentials[.totpSeed]
        else {
            throw StartError.machine("The demo account \(brokerUserID) lacks credentials; use a new data directory.")
        }
        return DemoCredentials.Account(
            id: account.id, brokerUserID: brokerUserID, apiKey: apiKey, apiSecret: apiSecret, password: password,
            totpSeed: seed)
    }

    private func link(_ brokerUserID: String, number: Int, to user: UserID) async throws -> TradingAccount {
        var random = SystemRandomNumberGenerator()
        let credentials = BrokerCredentials([
            .apiKey: Self.word(16, "abcdefghijklmnopqrstuvwxyz0123456789", &random),
            .apiSecret: Self.word(32, "abcdefghijklmnopqrstuvwxyz0123456789", &random),
            .password: Secret.randomPassword(using: &random),
            .totpSeed: Self.word(32, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", &random),
        ])
        var account = NewTradingAccount(
            owner: user, broker: .kite, brokerUserID: brokerUserID,
            name: number == 1 ? "Paper account" : "Paper account \(number)", credentials: credentials)
        account.status = .active
        return try await vault.link(account, at: now)
    }

    private static func word(
        _ length: Int, _ alphabet: String, _ random: inout some RandomNumberGenerator
    ) -> Secret {
        let letters = Array(alphabet)
        return Secret(String((0..<length).compactMap { _ in letters.randomElement(using: &random) }))
    }
}
