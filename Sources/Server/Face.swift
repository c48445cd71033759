import API
import Accounts
import Gateway
import JSON
import Logging
import ServiceLifecycle
import WebServer

/// The listeners that people and programs talk to. All serve the same routes: a browser needs one origin, and the
/// mission's documents name one address a service.
struct Face {
    let apiListener: HTTPListener?
    let tickerListener: HTTPListener?
    let userListener: HTTPListener?
    let services: [any Service]

    /// Takes the addresses of the parts that run; where one is taken already, those before it are given back.
    init(
        _ installation: Installation, people: People, directory: AccountDirectory, desk: TradingDesk,
        logins: any BrokerLogins
    ) async throws(StartError) {
        let configuration = installation.configuration
        let hub = OrderUpdateHub(now: SystemTime.now)
        var dependencies = Self.dependencies(installation, people, directory, desk, hub)
        dependencies.logins = logins
        let routes = BackendRoutes(dependencies)
        var bound: [ServerConfiguration.Part: HTTPListener] = [:]
        let places: [(ServerConfiguration.Part, String, Int)] = [
            (.api, "api", configuration.apiPort), (.ticker, "ticker", configuration.tickerPort),
            (.user, "user", configuration.userPort),
        ]
        for (part, name, port) in places where configuration.parts.contains(part) {
            do throws(ListenerError) {
                bound[part] = try await HTTPListener.bind(
                    name: name, host: configuration.host, port: port, router: routes.router(),
                    logger: installation.logger)
            } catch {
                for listener in bound.values { await listener.close() }
                throw .machine(error.description)
            }
        }
        apiListener = bound[.api]
        tickerListener = bound[.ticker]
        userListener = bound[.user]
        let listeners: [any Service] = places.compactMap { bound[$0.0] }
        services = [Activity { await hub.run() }] + listeners
    }

    private static func dependencies(
        _ installation: Installation, _ people: People, _ directory: AccountDirectory, _ desk: TradingDesk,
        _ hub: OrderUpdateHub
    ) -> APIDependencies {
        var dependencies = APIDependencies(
            signIn: SignIn(users: people.users, hasher: people.hasher, tokens: people.tokens),
            accessTokens: people.tokens, users: people.users,
            directory: directory, desk: desk, hub: hub,
            time: SystemTime.timekeeping)
        dependencies.registry = installation.metrics
        dependencies.allowedOrigins = installation.configuration.allowedOrigins
        dependencies.version = Installation.version
        dependencies.isDatabaseWritable = { (try? await people.users.count()) != nil }
        if !installation.configuration.limitsRequests { dependencies.limits = .none }
        if installation.configuration.isDemo { dependencies.staticSample = sample }
        return dependencies
    }

    /// Twenty rows as `GET positions` answers them: the baseline that reads are measured against.
    private static let sample: [UInt8] = {
        var writer = JSONWriter(reservingCapacity: 8_192)
        writer.beginObject()
        writer.key("status")
        writer.value("success")
        writer.key("positions")
        writer.beginArray()
        for number in 0..<20 {
            writer.beginObject()
            writer.key("tradingsymbol")
            writer.value("NIFTY26NOV24\(number + 10)0CE")
            for name in ["exchange", "product"] {
                writer.key(dynamic: name)
                writer.value("NRML")
            }
            for name in [
                "quantity", "average_price", "last_price", "pnl", "m2m", "day_pnl", "value", "buy_quantity",
                "buy_price", "sell_quantity", "sell_price", "overnight_quantity", "close_price", "multiplier",
            ] {
                writer.key(dynamic: name)
                writer.decimal(1_234_500 + Int64(number) * 500, scale: 4)
            }
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }()
}
