import Accounts
import KiteSimulator
import Logging
import PaperExchange
import ServiceLifecycle
import Trading
import WebServer

/// The paper exchange and Kite's wire in front of it, with the address taken but nothing answered yet.
struct ExchangeHouse {
    let venue: Venue
    let kite: SimulatedKite
    let listener: HTTPListener

    /// Opens the market for the demo's accounts.
    init(
        _ configuration: ServerConfiguration, opening: MarketOpening, demo: DemoCredentials?, logger: Logger
    ) async throws(StartError) {
        let market = VenueConfiguration(
            seed: configuration.seed, tradingDate: opening.tradingDate, alwaysOpen: true,
            priceOrigins: opening.origins)
        venue = Venue(configuration: market, listing: opening.listing, clock: SystemTime.now)
        var simulator = SimulatorConfiguration(apps: [], users: [])
        simulator.limits = configuration.limitsRequests ? .kite : .none
        for account in demo?.accounts ?? [] {
            simulator.apps.append(
                .init(apiKey: account.apiKey.reveal(), apiSecret: account.apiSecret.reveal()))
            simulator.users.append(
                .init(
                    userID: account.brokerUserID, password: account.password.reveal(),
                    totpSecret: account.totpSeed.reveal(), name: "Demo", email: DemoTenant.email))
        }
        kite = await SimulatedKite(
            venue: venue, configuration: simulator, clock: SystemTime.now, random: Self.randomBytes)
        do throws(ListenerError) {
            listener = try await kite.bind(
                host: configuration.host, port: configuration.exchangePort, logger: logger)
        } catch {
            throw .machine(error.description)
        }
    }

    private static let randomBytes: @Sendable (Int) -> [UInt8] = { count in
        var random = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }

    /// What runs, in the order it starts.
    var services: [any Service] {
        let (venue, kite) = (venue, kite)
        return [
            Activity { await venue.run() },
            Activity { await kite.run() },
            listener,
        ]
    }
}

/// Work that runs until the server stops and is cancelled then.
struct Activity: Service {
    let body: @Sendable () async throws -> Void

    /// Takes the work.
    init(_ body: @escaping @Sendable () async throws -> Void) {
        self.body = body
    }

    func run() async throws {
        try await cancelWhenGracefulShutdown(body)
    }
}
