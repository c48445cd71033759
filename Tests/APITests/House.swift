import Accounts
import Brokers
import Gateway
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Logging
import NIOCore
import Synchronization
import Testing
import Trading

@testable import API

/// A whole backend over a scripted broker: Ann owns DW1234, Tom may trade it, Vera only view it; Eve owns ZX9876.
struct House: Sendable {
    static let password = Secret("correct horse battery")
    static let future = "NIFTY25NOVFUT"
    static let forged = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.AAAA"

    let broker: ScriptedBroker
    let otherBroker: ScriptedBroker
    let stores: MemoryStores
    let journal: MemoryJournal
    let clock: ManualClock
    let desk: TradingDesk
    let session: AccountSession
    let routes: BackendRoutes
    let hub: OrderUpdateHub
    let ann: String
    let tom: String
    let vera: String
    let eve: String
    let client: any TestClientProtocol

    /// Sets a backend up, waits until its sessions are ready, runs the test and takes everything down.
    static func run(
        _ change: @Sendable (inout APIDependencies) -> Void = { _ in },
        broker script: @Sendable (inout ScriptedBroker.State) -> Void = { _ in },
        _ test: @Sendable (House) async throws -> Void
    ) async throws {
        let parts = try await Parts(change, script)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await parts.desk.run() }
            group.addTask { await parts.hub.run() }
            for news in parts.news { for await case .connection(.connected) in news { break } }
            let application = Application(router: parts.routes.router(), logger: Logger(label: "test"))
            try await application.test(.router) { client in try await test(House(parts, client)) }
            parts.broker.release()
            group.cancelAll()
        }
    }

    /// What is made before the router runs.
    struct Parts: Sendable {
        let broker = ScriptedBroker()
        let otherBroker = ScriptedBroker()
        let stores = MemoryStores()
        let journal = MemoryJournal()
        let clock = ManualClock()
        let desk = TradingDesk()
        let hub: OrderUpdateHub
        let routes: BackendRoutes
        let session: AccountSession
        let news: [AsyncStream<AccountUpdate>]
        let tokens: [String]

        init(
            _ change: @Sendable (inout APIDependencies) -> Void,
            _ script: @Sendable (inout ScriptedBroker.State) -> Void
        ) async throws {
            broker.set(script)
            let keyFile = KeyFile(bytes: Array(repeating: 7, count: 32))
            let hasher = PasswordHasher(cost: Argon2Cost(memory: 8, passes: 1, lanes: 1))
            let tokens = try await AccessTokens.open(store: stores, keyFile: keyFile, at: clock.now)
            var texts: [String] = []
            for name in ["ann", "tom", "vera", "eve"] {
                let user = try await UserCreation(users: stores, hasher: hasher)
                    .create(email: "\(name)@example.com", name: name, password: House.password, at: clock.now)
                texts.append(try await tokens.issue(for: user.id, at: clock.now).text.reveal())
            }
            self.tokens = texts
            session = House.session(1, "DW1234", owner: 1, stores, journal, broker, keyFile)
            let other = House.session(2, "ZX9876", owner: 4, stores, journal, otherBroker, keyFile)
            for (user, rights) in [(2, Set<Permission>([.view, .trade])), (3, [.view])] {
                try await stores.setMembership(
                    Membership(
                        account: TradingAccountID(1), user: UserID(Int64(user)), permissions: rights,
                        grantedBy: UserID(1), grantedTime: clock.now))
            }
            news = [session.updates.subscribe(), other.updates.subscribe()]
            desk.open(session, for: TradingAccountID(1))
            desk.open(other, for: TradingAccountID(2))
            let time = clock.timekeeping
            hub = OrderUpdateHub(now: time.now)
            var dependencies = APIDependencies(
                signIn: SignIn(users: stores, hasher: hasher, tokens: tokens), accessTokens: tokens, users: stores,
                directory: AccountDirectory(store: stores, clock: time.now), desk: desk, hub: hub, time: time)
            dependencies.limits = .none
            change(&dependencies)
            routes = BackendRoutes(dependencies)
        }
    }

    private init(_ parts: Parts, _ client: any TestClientProtocol) {
        broker = parts.broker
        otherBroker = parts.otherBroker
        stores = parts.stores
        journal = parts.journal
        clock = parts.clock
        desk = parts.desk
        hub = parts.hub
        routes = parts.routes
        session = parts.session
        (ann, tom, vera, eve) = (parts.tokens[0], parts.tokens[1], parts.tokens[2], parts.tokens[3])
        self.client = client
    }

    private static func session(
        _ number: Int64, _ name: String, owner: Int64, _ stores: MemoryStores, _ journal: MemoryJournal,
        _ broker: ScriptedBroker, _ keyFile: KeyFile
    ) -> AccountSession {
        let id = TradingAccountID(number)
        stores.add(
            TradingAccount(
                id: id, owner: UserID(owner), broker: .kite, brokerUserID: name, name: "Main", endpoint: nil,
                status: .active, linkedTime: ManualClock.origin))
        let start = ContinuousClock.now
        let time = Timekeeping(
            now: { ManualClock.origin }, uptime: { ContinuousClock.now - start },
            sleep: { try await Task.sleep(for: $0) })
        let numbers = Mutex<Int64>(number * 1_000)
        return AccountSession(
            .init(
                account: id, broker: broker, journal: journal, instruments: instruments,
                tag: OrderTag(secret: keyFile.orderTagSecret(of: .kite, brokerUserID: name)), time: time,
                newOrderID: {
                    numbers.withLock { next in
                        next += 1
                        return OrderID(next)
                    }
                }, logger: Logger(label: "test")))
    }

    private static var instruments: InstrumentIndex {
        let day = CalendarDate(daysSinceEpoch: 20_417)
        return InstrumentIndex([
            Instrument(
                token: InstrumentToken(10_001 << 8 | 2), id: InstrumentID(exchange: .nfo, symbol: future),
                name: "NIFTY", kind: .future(underlying: "NIFTY", expiry: day), tickSize: Price(paise: 5), lotSize: 75,
                freezeQuantity: 1_800),
            Instrument(
                token: InstrumentToken(1_594 << 8 | 1), id: InstrumentID(exchange: .nse, symbol: "INFY"),
                name: "INFOSYS", kind: .equity, tickSize: Price(paise: 5), lotSize: 1),
            Instrument(
                token: InstrumentToken(256_265), id: InstrumentID(exchange: .nse, symbol: "NIFTY 50"),
                name: "NIFTY 50", kind: .index, tickSize: .zero, lotSize: 0),
        ])
    }
}

/// What came back, with its body read as JSON.
struct Reply: Sendable {
    let status: Int
    let headers: HTTPFields
    let text: String
    let json: JSONValue

    subscript(path: String...) -> JSONValue? {
        path.reduce(Optional(json)) { value, name in
            if let index = Int(name) { return value?.array.flatMap { index < $0.count ? $0[index] : nil } }
            return value?.object?[name]
        }
    }

    func string(_ name: String) -> String? { self[name]?.string }
}

extension House {
    /// Sends a request as somebody; nil for nobody.
    func send(
        _ method: HTTPRequest.Method, _ uri: String, as token: String?, _ body: String? = nil,
        headers extra: [String: String] = [:]
    ) async throws -> Reply {
        var headers = HTTPFields()
        if let token { headers[.authorization] = "Bearer \(token)" }
        if body != nil { headers[.contentType] = "application/json" }
        for (name, value) in extra { headers[try #require(HTTPField.Name(name))] = value }
        let response = try await client.executeRequest(
            uri: uri, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
        let text = String(buffer: response.body)
        return Reply(
            status: response.status.code, headers: response.headers, text: text,
            json: (try? JSONValue(parsing: text)) ?? .null)
    }

    static let limitOrder = """
        {"tradingsymbol":"NIFTY25NOVFUT","exchange":"NFO","transaction_type":"BUY","quantity":75,\
        "order_type":"LIMIT","product":"NRML","price":24500.00,"validity":"DAY","tag":"strategy1"}
        """

    /// Places the sample order as Ann and gives the broker's number.
    func place() async throws -> String {
        let reply = try await send(.post, "/accounts/DW1234/orders", as: ann, Self.limitOrder)
        return try #require(reply.string("order_id"))
    }
}
