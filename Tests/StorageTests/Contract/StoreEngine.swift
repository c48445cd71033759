import Accounts
import Foundation
import Gateway
import Testing
import Trading

@testable import Storage

/// The stores of one engine over one set of data.
struct Stores: Sendable {
    let users: any UserStore
    let accounts: any TradingAccountStore
    let signingKeys: any SigningKeyStore
    let journal: any OrderJournal
}

/// An engine that the contract runs on: a new one joins `all` and nothing else.
struct StoreEngine: Sendable, CustomTestStringConvertible {
    let name: String
    /// Opens the data kept under a name, as a process does at its start.
    let open: @Sendable (String) async throws -> Stores
    /// Removes the data kept under a name.
    let remove: @Sendable (String) async throws -> Void

    var testDescription: String { name }

    static let all = [sqlite]

    static let sqlite = StoreEngine(
        name: "SQLite",
        open: { name in Stores(try Database.open(at: folder(name))) },
        remove: { name in try FileManager.default.removeItem(atPath: folder(name)) })

    /// Runs a part of the contract on new data; `reopen` opens the same data once more.
    func withStores(_ body: (Stores, _ reopen: @Sendable () async throws -> Stores) async throws -> Void) async throws {
        let data = UUID().uuidString
        let open = open
        do {
            try await body(try await open(data)) { try await open(data) }
        } catch {
            try await remove(data)
            throw error
        }
        try await remove(data)
    }

    private static func folder(_ name: String) -> String { NSTemporaryDirectory() + "quantagro-store-\(name)" }
}

extension Stores {
    init(_ database: Database) {
        self.init(
            users: SQLiteUserStore(database), accounts: SQLiteTradingAccountStore(database),
            signingKeys: SQLiteSigningKeyStore(database), journal: SQLiteOrderJournal(database))
    }

    /// Keeps a user with a hash that nothing matches.
    @discardableResult
    func addUser(_ email: String = "ann@example.com", roles: Set<UserRole> = [.user]) async throws -> User {
        try await users.create(
            NewUser(
                email: try #require(EmailAddress(email)), name: "Ann", passwordHash: try Sample.hash("AAAA"),
                roles: roles, createdTime: Sample.time))
    }

    /// Links an account with one sealed field.
    @discardableResult
    func addAccount(
        of owner: UserID, client: String = "AB1234", broker: BrokerName = .kite, endpoint: BrokerEndpoint? = nil
    ) async throws -> TradingAccount {
        let account = TradingAccount(
            id: try await accounts.reserveID(), owner: owner, broker: broker, brokerUserID: client, name: "Main",
            endpoint: endpoint, status: .active, linkedTime: Sample.time)
        try await accounts.link(account, credentials: Sample.credentials)
        return account
    }
}

/// Values that stores keep.
enum Sample {
    static let time = Timestamp(microseconds: 1_762_488_000_123_456)

    static let credentials = SealedCredentials(
        dataKey: WrappedDataKey(keyFileID: "0011223344556677", box: [1, 2, 3]),
        fields: [
            SealedField(field: .apiKey, version: 1, box: [4, 5]),
            SealedField(field: .apiSecret, version: 1, box: [0, 255]),
        ])

    static func hash(_ digest: String) throws -> PasswordHash {
        try #require(PasswordHash("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$\(digest)"))
    }

    static func request() -> OrderRequest {
        OrderRequest(
            instrument: InstrumentID(exchange: .nfo, symbol: "NIFTY26NOVFUT"), side: .buy, type: .limit,
            quantity: 75, product: .carryForward, price: Price(paise: 2_450_005))
    }

    static func intent(
        _ number: Int64, account: Int64 = 1, key: String? = nil, tag: String? = nil,
        request: OrderRequest = request(), label: String? = nil, at time: Timestamp = time
    ) -> OrderIntent {
        OrderIntent(
            orderID: OrderID(number), account: TradingAccountID(account), idempotencyKey: key ?? "key \(number)",
            fingerprint: "print \(number)", clientOrderID: tag ?? "TAG\(number)", request: request, label: label,
            principal: 42, placedTime: time)
    }

    static func event(_ order: Int64, _ sequence: Int64, _ event: OrderEvent) -> JournaledEvent {
        JournaledEvent(orderID: OrderID(order), sequence: sequence, event: event, time: time)
    }
}
