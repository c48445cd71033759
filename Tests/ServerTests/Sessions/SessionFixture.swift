import Accounts
import AsyncHTTPClient
import Gateway
import KiteConnect
import Logging
import ServiceLifecycle
import Storage
import Testing
import Trading
import WebServer

@testable import Server

/// Broker sessions over a stub of Kite, a real vault and a clock of the test's own.
struct SessionFixture: Sendable {
    static let seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    let kite: StubKite
    let clock: TestClock
    let desk: TradingDesk
    let vault: CredentialVault
    let accounts: any TradingAccountStore
    let account: TradingAccount
    let owner: UserID
    let sessions: BrokerSessions
    let logins: KiteLogins
    let directory: AccountDirectory
    let path: String

    /// What an account signs in with.
    enum Credentials: Sendable {
        case person, unattended, wrongPassword
    }

    /// Runs a body beside everything that a server runs for its sessions.
    ///
    /// - Parameter stored: a session to put into the vault first; its token is taken for living by the stub.
    static func run(
        _ credentials: Credentials, at start: String, stored: (token: String, login: String)? = nil,
        prepare: @Sendable (StubKite) -> Void = { _ in },
        _ body: @escaping @Sendable (SessionFixture) async throws -> Void
    ) async throws {
        let clock = TestClock(try time(start))
        let kite = StubKite(now: { clock.now })
        prepare(kite)
        let listener = try await kite.bind()
        let directory = try TemporaryDirectory()
        let database = try Database.open(at: directory.path)
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .kite)
        let outcome: Result<Void, any Error>
        do {
            let fixture = try await SessionFixture(
                credentials, kite, clock, listener.url, database, directory.path, http, stored)
            try await fixture.run(listener, body)
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        try await http.shutdown()
        try database.close()
        directory.remove()
        try outcome.get()
    }

    private init(
        _ credentials: Credentials, _ kite: StubKite, _ clock: TestClock, _ url: String, _ database: Database,
        _ path: String, _ http: HTTPClient, _ stored: (token: String, login: String)?
    ) async throws {
        self.kite = kite
        self.clock = clock
        self.path = path
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let keyFile = try KeyFile.open(at: path + "/quantagro.keyfile")
        let store = SQLiteTradingAccountStore(database)
        accounts = store
        vault = CredentialVault(store: store, keyFile: keyFile)
        let hasher = PasswordHasher(cost: Argon2Cost(memory: 8, passes: 1, lanes: 1))
        owner = try await UserCreation(users: SQLiteUserStore(database), hasher: hasher)
            .create(email: "ann@example.com", name: "Ann", password: Secret("correct horse battery"), at: clock.now).id
        var new = NewTradingAccount(
            owner: owner, broker: .kite, brokerUserID: "AB1234", name: "Main", credentials: Self.secrets(credentials))
        new.endpoint = BrokerEndpoint(baseURL: url, tickerURL: "ws" + url.dropFirst(4))
        account = try await vault.link(new, at: clock.now)
        if let stored {
            let session = BrokerSessionToken(
                accessToken: Secret(stored.token), loginTime: try Self.time(stored.login))
            try await vault.replace(.session, with: session.sealed, of: account.id)
        }
        desk = TradingDesk()
        let numbers = OrderNumbers(after: nil, now: SystemTime.now)
        let time = Timekeeping(
            now: { clock.now }, uptime: SystemTime.uptime,
            sleep: { try await Task.sleep(for: min($0, .milliseconds(20))) })
        let login = KiteAccountLogin(vault: vault, accounts: store, http: http, time: time)
        sessions = BrokerSessions(
            BrokerSessions.Parts(
                login: login, desk: desk, keyFile: keyFile, journal: SQLiteOrderJournal(database), numbers: numbers,
                time: time, chance: { 0.5 }, paper: nil, logger: logger))
        directory = AccountDirectory(store: store, clock: { clock.now })
        logins = KiteLogins(login: login, sessions: sessions, directory: directory, now: { clock.now })
    }

    private func run(
        _ listener: some Service, _ body: @escaping @Sendable (SessionFixture) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let group = ServiceGroup(configuration: .init(services: [.init(service: listener)], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask { await desk.run() }
            await sessions.openAll()
            tasks.addTask { await sessions.run() }
            defer {
                desk.stop()
                tasks.cancelAll()
            }
            try await body(self)
            await group.triggerGracefulShutdown()
        }
    }

    private static func secrets(_ credentials: Credentials) -> BrokerCredentials {
        var values: [CredentialField: Secret] = [.apiKey: Secret("key-1"), .apiSecret: Secret("secret-1")]
        if credentials != .person {
            values[.password] = Secret(credentials == .unattended ? "hunter-22" : "wrong")
            values[.totpSeed] = Secret(seed)
            values[.unattendedLogin] = Secret("on")
        }
        return BrokerCredentials(values)
    }

    static func time(_ text: String) throws -> Timestamp {
        guard let time = KiteTime(text) else { throw StartError.usage("\(text) is no time") }
        return Timestamp(time)
    }

    var state: BrokerStanding.State? {
        get async { await sessions.standing(of: account.id)?.state }
    }

    var isReady: Bool {
        get async { await desk.session(of: account.id)?.state.readiness == .ready }
    }

    /// Places a market order for one share.
    @discardableResult
    func place(_ key: String) async throws -> Order {
        guard let session = desk.session(of: account.id) else { throw StartError.machine("there is no session") }
        let request = OrderRequest(
            instrument: InstrumentID(exchange: .nse, symbol: "INFY"), side: .buy, type: .market, quantity: 1,
            product: .delivery)
        return try await session.submit(
            OrderSubmission(request: request, label: nil, idempotencyKey: key, principal: 1)
        ).order
    }

    /// Waits until a condition holds, at most ten seconds.
    func wait(
        sourceLocation: SourceLocation = #_sourceLocation, _ condition: @Sendable () async -> Bool
    ) async throws {
        let start = ContinuousClock.now
        while start.duration(to: .now) < .seconds(10) {
            if await condition() { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("what was waited for did not come about", sourceLocation: sourceLocation)
    }
}
