import Accounts
import AsyncHTTPClient
import JSON
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

@Suite struct ExchangeControlTests {
    @Test(arguments: [
        ["drop-answer"], ["outage", "status=999"], ["drop-response:times=none"], [""], ["lose-update:/orders"],
    ])
    func `a malformed fault ends the start with status 2 and is quoted`(specs: [String]) {
        let error = #expect(throws: StartError.self) { try ExchangeControl.faults(specs) }
        #expect(error?.exitCode == 2)
        #expect(error?.description.hasPrefix("--fault \(specs.last ?? "")") == true)
    }

    @Test func `addresses that are none or too many end the start with status 2`() throws {
        for addresses in [["x"], ["1.1.1.1", "2.2.2.2", "3.3.3.3"]] {
            let error = #expect(throws: StartError.self) { try ExchangeControl.staticAddresses(addresses) }
            #expect(error?.exitCode == 2)
        }
        #expect(try ExchangeControl.staticAddresses([]) == nil)
        #expect(try ExchangeControl.staticAddresses(["127.0.0.1"]) != nil)
    }

    @Test func `the ready file names the admin API only where it is on`() throws {
        var ready = ReadyFile(addresses: .init(), demo: nil, processID: 1)
        let without = try #require(try JSONValue(parsing: ready.json).object)
        #expect(without["exchange_admin_url"] == nil)
        #expect(without["exchange_admin_secret"] == nil)
        ready.addresses.exchangeAdmin = "http://127.0.0.1:9"
        ready.exchangeAdminSecret = Secret("s3cret")
        let with = try #require(try JSONValue(parsing: ready.json).object)
        #expect(with["exchange_admin_url"]?.string == "http://127.0.0.1:9")
        #expect(with["exchange_admin_secret"]?.string == "s3cret")
    }

    @Test(.timeLimit(.minutes(1)))
    func `flags reach the exchange, and the admin API answers with its secret alone`() async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let account = DemoCredentials.Account(
            id: TradingAccountID(1), brokerUserID: "QG0001", apiKey: Secret("key"), apiSecret: Secret("secret"),
            password: Secret("password"), totpSeed: Secret("JBSWY3DPEHPK3PXP"))
        var configuration = ServerConfiguration()
        configuration.exchangePort = 0
        configuration.exchange.adminPort = 0
        configuration.exchange.faults = try ExchangeControl.faults(["status=503:/orders:times=1", "clock-skew=1m"])
        configuration.exchange.staticAddresses = try ExchangeControl.staticAddresses(["10.9.8.7"])
        let today = SystemTime.now().indian.date
        let house = try await ExchangeHouse(
            configuration, opening: MarketOpening(configuration, today: today),
            demo: DemoCredentials(email: "a@example.com", password: Secret("x"), accounts: [account]), logger: logger)
        let admin = try #require(house.admin)
        let secret = try #require(house.adminSecret).reveal()
        #expect(admin.host == "127.0.0.1")
        #expect(secret.count == 48)
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .kite)
        let group = ServiceGroup(
            configuration: .init(services: house.services.map { .init(service: $0) }, logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            func status(_ url: String, bearer: String?) async throws -> UInt {
                var request = HTTPClientRequest(url: url)
                if let bearer { request.headers.add(name: "Authorization", value: "Bearer \(bearer)") }
                return try await http.execute(request, timeout: .seconds(5)).status.code
            }
            #expect(try await status(admin.url + "/faults", bearer: nil) == 401)
            #expect(try await status(admin.url + "/faults", bearer: secret) == 200)
            #expect(try await status(house.listener.url + "/orders", bearer: nil) == 503)
            #expect(try await status(house.listener.url + "/orders", bearer: nil) == 403)
            let requestToken = try #require(house.kite.mintRequestToken(for: "QG0001"))
            let client = KiteClient(
                configuration: KiteConfiguration(apiKey: "key", baseURL: house.listener.url), httpClient: http)
            let session = try await client.generateSession(requestToken: requestToken, apiSecret: "secret")
            let signedIn = client.with(accessToken: session.accessToken)
            let error = await #expect(throws: KiteError.self) {
                try await signedIn.cancelOrder("1", variety: .regular)
            }
            #expect(error?.description.contains("not allowed to place orders") == true)
            await group.triggerGracefulShutdown()
        }
        try await http.shutdown()
    }
}
