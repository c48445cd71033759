import Accounts
import Synchronization
import Testing
import Trading

struct CredentialVaultTests {
    private let stores = MemoryStores()
    private var vault: CredentialVault {
        CredentialVault(store: stores, keyFile: KeyFile(bytes: Array(0..<32)))
    }

    private func linked(_ client: String = "AB1234") async throws -> TradingAccount {
        try await vault.link(
            NewTradingAccount(
                owner: UserID(1), broker: .kite, brokerUserID: client, name: "Main",
                credentials: BrokerCredentials([.apiKey: Secret("canary-key"), .apiSecret: Secret("canary-secret")])),
            at: start)
    }

    @Test func `credentials come back as they were given and no others`() async throws {
        let account = try await linked()
        let credentials = try await vault.credentials(of: account.id)
        #expect(credentials[.apiKey] == Secret("canary-key"))
        #expect(credentials[.apiSecret] == Secret("canary-secret"))
        #expect(credentials.fields == [.apiKey, .apiSecret])
    }

    @Test func `what is stored shows nothing of them`() async throws {
        let account = try await linked()
        let stored = try #require(try await stores.credentials(of: account.id))
        let bytes = stored.dataKey.box + stored.fields.flatMap(\.box)
        #expect(!String(decoding: bytes, as: UTF8.self).contains("canary"))
    }

    @Test func `the token of the day replaces yesterday's`() async throws {
        let account = try await linked()
        for token in ["one", "two", "three"] {
            try await vault.replace(.accessToken, with: Secret(token), of: account.id)
            #expect(try await vault.credentials(of: account.id)[.accessToken] == Secret(token))
        }
        #expect(try await vault.credentials(of: account.id)[.apiKey] == Secret("canary-key"))
    }

    @Test func `another account's row in this one's place is refused`() async throws {
        let (first, second) = (try await linked(), try await linked("CD5678"))
        let foreign = try #require(try await stores.credentials(of: second.id))
        stores.state.withLock { $0.credentials[first.id] = foreign }
        await #expect(throws: VaultError.sealed(.broken)) { try await vault.credentials(of: first.id) }
    }

    @Test func `a pair of broker and client is linked once`() async throws {
        _ = try await linked()
        await #expect(throws: LinkError.alreadyLinked(broker: .kite, brokerUserID: "AB1234")) {
            try await linked()
        }
    }

    @Test func `an account that is not there has no credentials`() async {
        await #expect(throws: VaultError.accountUnknown) { try await vault.credentials(of: TradingAccountID(9)) }
        await #expect(throws: VaultError.accountUnknown) {
            try await vault.replace(.apiKey, with: Secret("x"), of: TradingAccountID(9))
        }
    }
}
