import Accounts
import Storage
import Trading

/// The database and everything about users and their accounts.
struct People: Sendable {
    let database: Database
    let keyFile: KeyFile
    let users: any UserStore
    let accounts: any TradingAccountStore
    let vault: CredentialVault
    let hasher = PasswordHasher()
    let tokens: AccessTokens

    /// Opens the data directory, making what is missing.
    init(_ configuration: ServerConfiguration) async throws(StartError) {
        let directory = configuration.dataDirectory
        do throws(DatabaseOpenError) {
            database = try Database.open(at: directory)
        } catch {
            throw .machine(error.description)
        }
        do throws(KeyFileError) {
            keyFile = try KeyFile.open(at: directory + "/quantagro.keyfile")
        } catch {
            throw .machine(error.description)
        }
        users = SQLiteUserStore(database)
        accounts = SQLiteTradingAccountStore(database)
        vault = CredentialVault(store: accounts, keyFile: keyFile)
        do throws(TokenKeyError) {
            tokens = try await AccessTokens.open(
                store: SQLiteSigningKeyStore(database), keyFile: keyFile, at: SystemTime.now())
        } catch {
            throw .machine(error.description)
        }
    }

    /// The demo's user and accounts; nil without a demo.
    func demo(_ configuration: ServerConfiguration) async throws -> DemoCredentials? {
        guard configuration.isDemo else { return nil }
        let tenant = DemoTenant(
            users: users, accounts: accounts, vault: vault, hasher: hasher, now: SystemTime.now())
        return try await tenant.prepare(accountCount: configuration.demoAccounts)
    }
}
