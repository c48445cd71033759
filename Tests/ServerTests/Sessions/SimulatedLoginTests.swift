import Accounts
import AsyncHTTPClient
import KiteConnect
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Testing
import Trading
import WebServer

@testable import Server

/// The library's two logins against the simulator's own login pages.
@Suite(.serialized, .timeLimit(.minutes(2))) struct SimulatedLoginTests {
    private static let account = DemoCredentials.Account(
        id: TradingAccountID(1), brokerUserID: "QG0001", apiKey: Secret("key"), apiSecret: Secret("secret"),
        password: Secret("pass-word-1"), totpSeed: Secret(SessionFixture.seed))

    private func run(
        redirectURL: String? = nil,
        _ body: @escaping @Sendable (KiteConfiguration, HTTPClient) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        var configuration = ServerConfiguration()
        configuration.exchangePort = 0
        configuration.exchange.redirectURL = redirectURL
        let demo = DemoCredentials(email: "a@example.com", password: Secret("x"), accounts: [Self.account])
        let house = try await ExchangeHouse(
            configuration, opening: MarketOpening(configuration, today: SystemTime.now().indian.date), demo: demo,
            logger: logger)
        let group = ServiceGroup(
            configuration: .init(services: house.services.map { .init(service: $0) }, logger: logger))
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .kite)
        let kite = KiteConfiguration(
            apiKey: "key", baseURL: house.listener.url, loginPageURL: house.listener.url + "/connect/login")
        let outcome: Result<Void, any Error>
        do {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                defer { tasks.cancelAll() }
                try await body(kite, http)
                await group.triggerGracefulShutdown()
            }
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        try await http.shutdown()
        try outcome.get()
    }

    private func login(_ kite: KiteConfiguration, _ http: HTTPClient) -> KiteUnattendedLogin {
        KiteUnattendedLogin(configuration: kite, httpClient: http, now: { SystemTime.now().kiteTime })
    }

    @Test(arguments: [nil, "https://app.example/back?x=1"]) func `password and time code give a working session`(
        redirectURL: String?
    ) async throws {
        try await run(redirectURL: redirectURL) { kite, http in
            let session = try await login(kite, http).signIn(
                KiteLoginCredentials(userID: "QG0001", password: "pass-word-1", totpSeed: SessionFixture.seed),
                apiSecret: "secret")
            let client = KiteClient(configuration: kite, httpClient: http).with(accessToken: session.accessToken)
            #expect(try await client.profile().userID == "QG0001")
            #expect(session.life?.state(at: SystemTime.now().kiteTime) != .expired)
        }
    }

    @Test(arguments: [
        ("wrong-word-1", SessionFixture.seed, KiteLoginError.Code.wrongPassword),
        ("pass-word-1", "JBSWY3DPEHPK3PXP", .wrongCode),
    ])
    func `what is wrong is told apart`(password: String, seed: String, code: KiteLoginError.Code) async throws {
        try await run { kite, http in
            let error = await #expect(throws: KiteLoginError.self) {
                try await login(kite, http).requestToken(
                    KiteLoginCredentials(userID: "QG0001", password: password, totpSeed: seed))
            }
            #expect(error?.code == code)
        }
    }

    @Test func `a person at the page comes back to the listener`() async throws {
        let listener = try await KiteLoginListener.open(path: "/back")
        try await run(redirectURL: listener.redirectURL) { kite, http in
            let client = KiteClient(configuration: kite, httpClient: http)
            let page = client.loginURL(redirectParameters: listener.redirectParameters)
            async let token = listener.requestToken(within: .seconds(30))
            #expect(try await http.execute(HTTPClientRequest(url: page), timeout: .seconds(5)).status == .ok)
            let code = try #require(KiteTimeCode(seed: SessionFixture.seed)).code(at: SystemTime.now().kiteTime)
            var form = HTTPClientRequest(url: kite.loginPageURL)
            form.method = .POST
            form.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
            form.body = .bytes(
                ByteBuffer(
                    string: "api_key=key&redirect_params=state%3D\(listener.state)&user_id=QG0001"
                        + "&password=pass-word-1&totp=\(code)"))
            let granted = try await http.execute(form, timeout: .seconds(5))
            let back = try #require(granted.headers.first(name: "location"))
            #expect(back.hasPrefix(listener.redirectURL + "?"))
            #expect(try await http.execute(HTTPClientRequest(url: back), timeout: .seconds(5)).status == .ok)
            let session = try await client.session(
                requestToken: try await token, apiSecret: "secret", of: "QG0001")
            #expect(session.profile.userID == "QG0001")
        }
    }
}
