import Accounts
import AsyncHTTPClient
import CMalloc
import CoreMetrics
import Gateway
import Glibc
import KiteConnect
import KiteSimulator
import Logging
import ServiceLifecycle
import Storage
import Telemetry
import Trading
import UnixSignals
import WebServer

/// The composition root: configuration in, running services out. Reads as the table of contents of the server.
package struct Installation {
    /// The version that `/health` tells.
    static let version = "0.1.0"

    let configuration: ServerConfiguration
    let logger: Logger
    let metrics: PrometheusRegistry

    /// Runs a server until SIGTERM or SIGINT; `greet` is called with a text for people once everything answers.
    package static func run(
        _ configuration: ServerConfiguration, logFormat: LogFormat, greet: @escaping @Sendable (String) -> Void
    ) async throws {
        keepMemoryTogether()
        let metrics = PrometheusRegistry()
        MetricsSystem.bootstrap(metrics)
        LoggingSystem.bootstrap { logFormat.handler(label: $0, clock: { SystemTime.now().microseconds }) }
        defer { LogOutput.standardError.flush() }
        let installation = Installation(
            configuration: configuration, logger: Logger(label: "quantagro"), metrics: metrics)
        try await installation.run(greet)
    }

    private func run(_ greet: @escaping @Sendable (String) -> Void) async throws {
        try check()
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .kite)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await run(greet, http))
        } catch {
            outcome = .failure(error)
        }
        try await http.shutdown()
        try outcome.get()
    }

    private func run(_ greet: @escaping @Sendable (String) -> Void, _ http: HTTPClient) async throws {
        let opened = SystemTime.now()
        let people = try await People(configuration)
        let opening = try MarketOpening(configuration, today: SystemTime.now().indian.date)
        var demo = try await people.demo(configuration)
        let exchange =
            configuration.parts.contains(.exchange)
            ? try await ExchangeHouse(configuration, opening: opening, demo: demo, http: http, logger: logger) : nil
        if let exchange, let accounts = demo?.accounts {
            let endpoint = BrokerEndpoint(
                baseURL: exchange.listener.url, tickerURL: exchange.listener.webSocketURL)
            for account in accounts { try await people.accounts.setEndpoint(endpoint, of: account.id) }
        }
        let desk = TradingDesk()
        let journal = SQLiteOrderJournal(people.database)
        let login = KiteAccountLogin(
            vault: people.vault, accounts: people.accounts, http: http, time: SystemTime.timekeeping)
        let sessions = BrokerSessions(
            BrokerSessions.Parts(
                login: login, desk: desk, keyFile: people.keyFile, journal: journal,
                numbers: OrderNumbers(after: try await journal.lastOrderID(), now: SystemTime.now),
                time: SystemTime.timekeeping, chance: { Double.random(in: 0..<1) },
                paper: exchange.map { exchange in
                    BrokerSessions.Paper(
                        url: exchange.listener.url, opened: opened, tradingDate: opening.tradingDate,
                        requestToken: { exchange.kite.mintRequestToken(for: $0.brokerUserID) })
                }, logger: logger))
        let directory = AccountDirectory(store: people.accounts, clock: SystemTime.now)
        let logins = KiteLogins(login: login, sessions: sessions, directory: directory, now: SystemTime.now)
        let face = try await Face(self, people: people, directory: directory, desk: desk, logins: logins)
        if let exchange, let primary = demo?.accounts.first {
            demo?.accounts[0].requestToken = exchange.kite
                .mintRequestToken(for: primary.brokerUserID, lifetime: .seconds(3_600)).map { Secret($0) }
        }
        var ready = ReadyFile(addresses: addresses(face, exchange), demo: demo, processID: getpid())
        ready.exchangeAdminSecret = exchange?.adminSecret
        let announcing = Activity { [configuration, ready] in
            await sessions.openAll()
            await desk.waitUntilReady(atMost: .seconds(10), time: SystemTime.timekeeping)
            if let path = configuration.readyFile { try ready.write(to: path) }
            greet(Greeting(ready).text)
            await sessions.run()
        }
        var services: [any Service] = exchange?.services ?? []
        services.append(DeskService(desk: desk))
        services += face.services
        services.append(announcing)
        try await serve(services)
        try people.database.close()
    }

    /// Runs services until a signal; they stop in the reverse order, so that requests end before orders, orders
    /// before the exchange.
    private func serve(_ services: [any Service]) async throws {
        var group = ServiceGroupConfiguration(
            services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint],
            logger: Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() })
        group.maximumGracefulShutdownDuration = .seconds(9)
        do {
            try await ServiceGroup(configuration: group).run()
        } catch is CancellationError {
            logger.info("stopped")
        }
    }

    private func check() throws(StartError) {
        let parts = configuration.parts
        let face: Set<ServerConfiguration.Part> = [.user, .ticker, .api]
        guard parts.isDisjoint(with: face) || parts.isSuperset(of: face) else {
            throw .usage("The services user, ticker and api run in one process; name all three or none of them.")
        }
        guard !parts.contains(.exchange) || configuration.isDemo else {
            throw .usage("The paper exchange gets its accounts from the demo; add --demo.")
        }
        guard !configuration.isDemo || parts.contains(.exchange) else {
            throw .usage("The demo needs its paper exchange; add exchange to --services.")
        }
    }

    private func addresses(_ face: Face, _ exchange: ExchangeHouse?) -> ReadyFile.Addresses {
        var addresses = ReadyFile.Addresses()
        addresses.api = face.apiListener?.url
        addresses.ticker = face.tickerListener?.url
        addresses.user = face.userListener?.url
        addresses.exchange = exchange?.listener.url
        addresses.exchangeWebSocket = exchange?.listener.webSocketURL
        addresses.exchangeAdmin = exchange?.admin?.url
        return addresses
    }

    /// Keeps the C library from giving memory back after every large answer and from growing an arena a thread.
    private static func keepMemoryTogether() {
        mallopt(M_ARENA_MAX, 2)
        mallopt(M_TRIM_THRESHOLD, 32 << 20)
        mallopt(M_MMAP_THRESHOLD, 8 << 20)
        mallopt(M_TOP_PAD, 1 << 20)
    }
}

/// Runs the desk; on shutdown orders on their way are seen through.
struct DeskService: Service {
    let desk: TradingDesk

    func run() async throws {
        await withGracefulShutdownHandler {
            await desk.run()
        } onGracefulShutdown: {
            desk.stop()
        }
    }
}

extension HTTPListener {
    /// The same address for WebSockets.
    var webSocketURL: String { "ws" + url.dropFirst(4) }
}
