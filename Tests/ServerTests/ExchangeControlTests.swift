import Accounts
import JSON
import KiteConnect
import KiteSimulator
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
        var configuration = ServerConfiguration()
        configuration.exchange.adminPort = 0
        configuration.exchange.faults = try ExchangeControl.faults(["status=503:/orders:times=1", "clock-skew=1m"])
        configuration.exchange.staticAddresses = try ExchangeControl.staticAddresses(["10.9.8.7"])
        try await ExchangeFixture.run(configuration) { exchange in
            let admin = try #require(exchange.house.admin)
            let secret = try #require(exchange.house.adminSecret).reveal()
            #expect(admin.host == "127.0.0.1")
            #expect(secret.count == 48)
            #expect(exchange.house.kite.faults.clockOffset == .seconds(60))
            let orders = exchange.house.listener.url + "/orders"
            #expect(try await exchange.status(admin.url + "/faults", bearer: nil) == 401)
            #expect(try await exchange.status(admin.url + "/faults", bearer: "x" + secret) == 401)
            #expect(try await exchange.status(admin.url + "/faults", bearer: secret) == 200)
            #expect(try await exchange.status(orders, bearer: nil) == 503)
            #expect(try await exchange.status(orders, bearer: nil) == 403)
            let client = try await exchange.signIn()
            let error = await #expect(throws: KiteError.self) {
                try await client.cancelOrder("1", variety: .regular)
            }
            #expect(error?.description.contains("not allowed to place orders") == true)
        }
    }
}
