import Accounts
import AsyncHTTPClient
import Brokers
import Crypto
import Gateway
import KiteAdapter
import KiteConnect
import KiteSimulator
import Logging
import PaperExchange
import ServiceLifecycle
import Storage
import Testing
import Trading
import WebServer

@testable import Server

/// The order path over real sockets and a real database: a session, Kite's wire, and the paper exchange behind it.
struct WireFixture: Sendable {
    let kite: SimulatedKite
    let venue: Venue
    let session: AccountSession
    let future: Instrument

    /// Runs a body against a path that is ready, then stops everything.
    static func run(
        timeout: Duration = .seconds(7), _ body: @escaping @Sendable (WireFixture) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let directory = try TemporaryDirectory()
        let database = try Database.open(at: directory.path)
        let account = DemoCredentials.Account(
            id: TradingAccountID(1), brokerUserID: "QG0001", apiKey: Secret("key"), apiSecret: Secret("secret"),
            password: Secret("password"), totpSeed: Secret("JBSWY3DPEHPK3PXP"))
        let demo = DemoCredentials(email: "a@example.com", password: Secret("x"), accounts: [account])
        var configuration = ServerConfiguration()
        configuration.exchangePort = 0
        configuration.limitsRequests = false
        let today = SystemTime.now().indian.date
        let house = try await ExchangeHouse(
            configuration, opening: MarketOpening(configuration, today: today), demo: demo, logger: logger)
        let group = ServiceGroup(
            configuration: .init(services: house.services.map { .init(service: $0) }, logger: logger))
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .kite)
        let outcome: Result<Void, any Error>
        do {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                defer { tasks.cancelAll() }
                let wired = try await connect(
                    house, account, http, timeout: timeout, database: database, logger: logger)
                tasks.addTask { await wired.session.run() }
                defer {
                    wired.session.stop()
                    wired.kite.faults.clear()
                }
                #expect(try await wired.eventually { await wired.session.state.readiness == .ready })
                try await body(wired)
                await group.triggerGracefulShutdown()
            }
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        try await http.shutdown()
        try database.close()
        directory.remove()
        try outcome.get()
    }

    private static func connect(
        _ house: ExchangeHouse, _ account: DemoCredentials.Account, _ http: HTTPClient, timeout: Duration,
        database: Database, logger: Logger
    ) async throws -> WireFixture {
        let token = house.kite.mintRequestToken(for: account.brokerUserID) ?? ""
        let configuration = KiteConfiguration(
            apiKey: account.apiKey.reveal(), baseURL: house.listener.url, tickerURL: house.listener.webSocketURL,
            timeout: timeout)
        let client = KiteClient(configuration: configuration, httpClient: http)
        let signedIn = client.with(
            accessToken: try await client.generateSession(
                requestToken: token, apiSecret: account.apiSecret.reveal()
            ).accessToken)
        let today = SystemTime.now().indian.date
        let instruments = try await KiteInstruments.read(signedIn, freezeQuantities: .published, on: today)
        guard
            let future = instruments.filter({ $0.underlying == "NIFTY" && $0.segment == .futures })
                .min(by: { ($0.expiry ?? today) < ($1.expiry ?? today) })
        else { throw StartError.machine("no NIFTY future is listed") }
        let numbers = OrderNumbers(after: nil, now: SystemTime.now)
        let broker = KiteBroker(client: signedIn, logger: logger)
        let session = AccountSession(
            AccountSession.Parts(
                account: account.id, broker: broker, journal: SQLiteOrderJournal(database),
                instruments: InstrumentIndex(instruments),
                tag: OrderTag(secret: SymmetricKey(size: .bits256)), time: SystemTime.timekeeping,
                newOrderID: { numbers.next() }, logger: logger))
        return WireFixture(kite: house.kite, venue: house.venue, session: session, future: future)
    }

    /// How many orders the exchange has of the account.
    var exchangeOrderCount: Int {
        get async { await venue.orders(of: "QG0001").count }
    }

    /// A market order for one lot of the near NIFTY future.
    func submission(key: String, side: Side = .buy) -> OrderSubmission {
        OrderSubmission(
            request: OrderRequest(
                instrument: future.id, side: side, type: .market, quantity: future.lotSize, product: .carryForward),
            label: nil, idempotencyKey: key, principal: 1)
    }

    /// Waits until a condition holds; tells whether it did within ten seconds.
    func eventually(_ condition: @Sendable () async -> Bool) async throws -> Bool {
        let start = ContinuousClock.now
        while start.duration(to: .now) < .seconds(10) {
            if await condition() { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }
}
