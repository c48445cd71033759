import Accounts
import AsyncHTTPClient
import KiteConnect
import KiteSimulator
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Testing
import Trading
import WebServer

@testable import Server

/// A paper exchange on sockets of its own, with one app and one user, as the server puts it together.
struct ExchangeFixture: Sendable {
    let house: ExchangeHouse
    private let http: HTTPClient

    /// Runs a body against an exchange that answers, then stops it.
    static func run<Value: Sendable>(
        _ configuration: ServerConfiguration = ServerConfiguration(),
        _ body: @escaping @Sendable (ExchangeFixture) async throws -> Value
    ) async throws -> Value {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let account = DemoCredentials.Account(
            id: TradingAccountID(1), brokerUserID: "QG0001", apiKey: Secret("key"), apiSecret: Secret("secret"),
            password: Secret("password"), totpSeed: Secret("JBSWY3DPEHPK3PXP"))
        let demo = DemoCredentials(email: "a@example.com", password: Secret("x"), accounts: [account])
        var configuration = configuration
        configuration.exchangePort = 0
        configuration.limitsRequests = false
        let opening = try MarketOpening(configuration, today: SystemTime.now().indian.date)
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .kite)
        let outcome: Result<Value, any Error>
        do {
            let house = try await ExchangeHouse(
                configuration, opening: opening, demo: demo, http: http, logger: logger)
            let group = ServiceGroup(
                configuration: .init(services: house.services.map { .init(service: $0) }, logger: logger))
            let value = try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                defer { tasks.cancelAll() }
                let value = try await body(ExchangeFixture(house: house, http: http))
                house.kite.faults.clear()
                await group.triggerGracefulShutdown()
                return value
            }
            outcome = .success(value)
        } catch {
            outcome = .failure(error)
        }
        try await http.shutdown()
        return try outcome.get()
    }

    /// The status that an address answers.
    func status(_ url: String, bearer: String?) async throws -> Int {
        var request = HTTPClientRequest(url: url)
        if let bearer { request.headers.add(name: "Authorization", value: "Bearer \(bearer)") }
        return Int(try await http.execute(request, timeout: .seconds(5)).status.code)
    }

    /// A client with a session of the user.
    func signIn(timeout: Duration = .seconds(7)) async throws -> KiteClient {
        let token = try #require(house.kite.mintRequestToken(for: "QG0001"))
        let client = KiteClient(
            configuration: KiteConfiguration(
                apiKey: "key", baseURL: house.listener.url, tickerURL: house.listener.webSocketURL, timeout: timeout),
            httpClient: http)
        let session = try await client.generateSession(requestToken: token, apiSecret: "secret")
        return client.with(accessToken: session.accessToken)
    }
}
