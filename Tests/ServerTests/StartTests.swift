import Accounts
import Foundation
import JSON
import PaperExchange
import Storage
import Testing
import Trading

@testable import Server

@Suite struct ReadyFileTests {
    private var credentials: DemoCredentials {
        let account = DemoCredentials.Account(
            id: TradingAccountID(7), brokerUserID: "QG0001", apiKey: Secret("k"), apiSecret: Secret("s"),
            password: Secret("p"), totpSeed: Secret("t"), requestToken: Secret("r"))
        return DemoCredentials(email: "a@example.com", password: Secret("w"), accounts: [account])
    }

    @Test func `it names every address and credential, and only its owner can read it`() throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        var addresses = ReadyFile.Addresses()
        addresses.api = "http://127.0.0.1:1"
        let path = directory.file("ready.json")
        try ReadyFile(addresses: addresses, demo: credentials, processID: 9).write(to: path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let object = try #require(try JSONValue(parsing: [UInt8](Data(contentsOf: URL(filePath: path)))).object)
        #expect(
            object.members.map(\.name) == [
                "api_url", "ticker_url", "user_url", "exchange_url", "exchange_ws_url", "user", "account", "accounts",
                "kite", "pid",
            ])
        #expect(object["ticker_url"] == .null)
        #expect(object["account"]?.object?["trading_account_id"]?.number?.int == 7)
        #expect(
            object["kite"]?.object?.members.map(\.name) == [
                "api_key", "api_secret", "user_id", "password", "totp_secret", "request_token",
            ])
    }

    @Test func `a place that cannot be written is one sentence`() {
        #expect(throws: StartError.self) {
            try ReadyFile(addresses: .init(), demo: nil, processID: 1).write(to: "/nowhere/at/all/ready.json")
        }
    }
}

@Suite struct MarketOpeningTests {
    private static let header =
        "instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,"
        + "instrument_type,segment,exchange\n"

    private func open(_ text: String, today: String) throws -> MarketOpening {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        try text.write(toFile: directory.file("dump.csv"), atomically: true, encoding: .utf8)
        var configuration = ServerConfiguration()
        configuration.instrumentsFile = directory.file("dump.csv")
        return try MarketOpening(configuration, today: try #require(CalendarDate(today)))
    }

    @Test(arguments: [("2026-11-21", "2026-08-25"), ("2026-08-18", "2026-08-18")])
    func `a dump is traded on the earlier of today and its first expiry`(_ today: String, _ day: String) throws {
        let row = "14866434,58072,NIFTY26AUGFUT,NIFTY,0.0,2026-08-25,0.0,0.1,65,FUT,NFO-FUT,NFO\n"
        let opening = try open(Self.header + row, today: today)
        #expect(opening.tradingDate == CalendarDate(day))
        #expect(opening.listing.count == 1)
    }

    @Test(arguments: ["", "not,a,dump\n1,2,3\n", MarketOpeningTests.header + "x,1,A,A,0,,0,0.05,1,EQ,NSE,NSE\n"])
    func `a malformed dump ends the start with status 2 and names the file`(_ text: String) throws {
        let error = #expect(throws: StartError.self) { try open(text, today: "2026-08-18") }
        #expect(error?.exitCode == 2)
        #expect(error?.description.contains("dump.csv") == true)
    }

    @Test func `a file that is not there ends the start with status 2`() throws {
        var configuration = ServerConfiguration()
        configuration.bhavcopyFile = "/nowhere/at/all.csv"
        let today = try #require(CalendarDate("2026-08-18"))
        let error = #expect(throws: StartError.self) { try MarketOpening(configuration, today: today) }
        #expect(error?.exitCode == 2)
    }
}

@Suite struct DemoTenantTests {
    @Test func `a second start keeps user and account and makes a new password`() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        var configuration = ServerConfiguration()
        configuration.isDemo = true
        configuration.dataDirectory = directory.path
        configuration.demoAccounts = 2
        let people = try await People(configuration)
        let first = try #require(try await people.demo(configuration))
        let second = try #require(try await people.demo(configuration))
        #expect(first.accounts.map(\.brokerUserID) == ["QG0001", "QG0002"])
        #expect(second.accounts.map(\.id) == first.accounts.map(\.id))
        #expect(second.accounts.map(\.apiSecret) == first.accounts.map(\.apiSecret))
        #expect(second.password != first.password)
        let signIn = SignIn(users: people.users, hasher: people.hasher, tokens: people.tokens)
        let email = try #require(EmailAddress(DemoTenant.email))
        let now = SystemTime.now()
        await #expect(throws: SignInError.wrongCredentials) {
            try await signIn.login(email: email, password: first.password, address: "::1", at: now)
        }
        _ = try await signIn.login(email: email, password: second.password, address: "::1", at: now)
    }
}

@Suite struct UserAdministrationTests {
    @Test func `a user is made once, also beside an open database`() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let database = try Database.open(at: directory.path)
        let made = try await UserAdministration.create(
            email: "A@Example.com", password: nil, dataDirectory: directory.path)
        #expect(made.email == "a@example.com")
        #expect(made.generatedPassword?.count == 20)
        let error = await #expect(throws: StartError.self) {
            try await UserAdministration.create(
                email: "a@example.com", password: "another one", dataDirectory: directory.path)
        }
        #expect(error?.exitCode == 2)
        try database.close()
    }
}

@Suite struct OrderNumbersTests {
    @Test func `numbers grow when the clock stands still or goes back`() {
        let numbers = OrderNumbers(after: OrderID(100), now: { Timestamp(microseconds: 50) })
        #expect([numbers.next(), numbers.next(), numbers.next()].map(\.rawValue) == [101, 102, 103])
    }
}
