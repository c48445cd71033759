import Accounts
import AsyncHTTPClient
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
    /// The admin API; nil where it is off.
    let admin: HTTPListener?
    /// What the admin API asks for.
    let adminSecret: Secret?

    /// Opens the market for the demo's accounts.
    init(
        _ configuration: ServerConfiguration, opening: MarketOpening, demo: DemoCredentials?,
        http: HTTPClient? = nil, logger: Logger
    ) async throws(StartError) {
        let market = VenueConfiguration(
            seed: configuration.seed, tradingDate: opening.tradingDate, alwaysOpen: true,
            priceOrigins: opening.origins)
        let faults = Faults(clock: SystemTime.now)
        let control = configuration.exchange
        for rule in control.faults { faults.inject(rule) }
        venue = Venue(configuration: market, listing: opening.listing, clock: faults.exchangeClock)
        var simulator = SimulatorConfiguration(apps: [], users: [])
        simulator.allowsOneSession = control.allowsOneSession
        simulator.ticker.refusesSurplus = control.refusesSurplusConnections
        simulator.limits = configuration.limitsRequests ? .kite : .none
        for account in demo?.accounts ?? [] {
            simulator.apps.append(
                .init(
                    apiKey: account.apiKey.reveal(), apiSecret: account.apiSecret.reveal(),
                    redirectURL: control.redirectURL, postbackURL: control.postbackURL,
                    staticAddresses: control.staticAddresses))
            simulator.users.append(
                .init(
                    userID: account.brokerUserID, password: account.password.reveal(),
                    totpSecret: account.totpSeed.reveal(), name: "Demo", email: DemoTenant.email))
        }
        kite = await SimulatedKite(
            venue: venue, configuration: simulator, clock: SystemTime.now, random: Self.randomBytes, faults: faults,
            postbacks: http.map(PostbackCourier.transport))
        for account in demo?.accounts ?? [] { await DemoHoldings.deposit(in: venue, for: account.brokerUserID) }
        let secret = control.adminSecret ?? Self.hexadecimal(Self.randomBytes(24))
        adminSecret = control.adminPort == nil ? nil : Secret(secret)
        do throws(ListenerError) {
            listener = try await kite.bind(
                host: configuration.host, port: configuration.exchangePort, logger: logger)
        } catch {
            throw .machine(error.description)
        }
        guard let port = control.adminPort else {
            admin = nil
            return
        }
        do throws(ListenerError) {
            admin = try await kite.bindAdmin(host: control.adminHost, port: port, secret: secret, logger: logger)
        } catch {
            await listener.close()
            throw .machine(error.description)
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static let randomBytes: @Sendable (Int) -> [UInt8] = { count in
        var random = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }

    /// What runs, in the order it starts.
    var services: [any Service] {
        let (venue, kite) = (venue, kite)
        let activities: [any Service] = [Activity { await venue.run() }, Activity { await kite.run() }, listener]
        return activities + (admin.map { [$0] } ?? [])
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
