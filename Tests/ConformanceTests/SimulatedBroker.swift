import AsyncHTTPClient
import KiteConnect
import KiteSimulator
import Logging
import PaperExchange
import Synchronization
import Testing
import Trading
import WebServer

/// A simulator on a socket of its own, in running time, with one app and one user, and our client signed in.
struct SimulatedBroker: Sendable {
    static let userID = "AB1234"
    static let apiKey = "conformancekey"
    static let apiSecret = "conformancesecret"
    static let password = "a password"
    static let totpSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    static let tradingDate = CalendarDate(daysSinceEpoch: 20_780)

    let venue: Venue
    let kite: SimulatedKite
    let http: HTTPClient
    let configuration: KiteConfiguration

    /// A client without a session.
    func client() -> KiteClient { KiteClient(configuration: configuration, httpClient: http) }

    /// A client with a session of its own.
    func signedIn() async throws -> KiteClient {
        let token = try #require(kite.mintRequestToken(for: Self.userID))
        let client = client()
        let session = try await client.generateSession(requestToken: token, apiSecret: Self.apiSecret)
        return client.with(accessToken: session.accessToken)
    }

    /// Runs a simulator for the length of `body`: ten in the morning of a trading day, and time goes on from there.
    static func with(
        limits: RateLimits = .none, ticker: TickerOptions = TickerOptions(),
        _ body: @escaping @Sendable (SimulatedBroker) async throws -> Void
    ) async throws {
        let start = ContinuousClock.now
        let morning = Timestamp(indianDate: tradingDate, secondOfDay: 10 * 3_600)
        let clock: @Sendable () -> Timestamp = { morning.advanced(by: start.duration(to: .now)) }
        let venue = Venue(
            configuration: VenueConfiguration(
                seed: 7, tradingDate: tradingDate, alwaysOpen: true, openingCash: Money(rupees: 5_000_000)),
            listing: .builtIn(tradingDate: tradingDate), clock: clock)
        let generator = Mutex(SplitMix(state: 11))
        let kite = await SimulatedKite(
            venue: venue,
            configuration: SimulatorConfiguration(
                apps: [.init(apiKey: apiKey, apiSecret: apiSecret)],
                users: [
                    .init(
                        userID: userID, password: password, totpSecret: totpSecret, name: "Asha Rao",
                        email: "asha@example.com")
                ], limits: limits, ticker: ticker),
            clock: clock,
            random: { count in
                generator.withLock { chance in (0..<count).map { _ in UInt8.random(in: 0...255, using: &chance) } }
            })
        var logger = Logger(label: "conformance")
        logger.logLevel = .error
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .kite)
        let listener = try await kite.bind(host: "127.0.0.1", port: 0, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run() }
            group.addTask { await kite.run() }
            group.addTask { await venue.run() }
            var configuration = KiteConfiguration(apiKey: apiKey)
            configuration.baseURL = listener.url
            configuration.tickerURL = "ws://127.0.0.1:\(listener.port)"
            let broker = SimulatedBroker(venue: venue, kite: kite, http: http, configuration: configuration)
            let outcome = await Outcome { try await body(broker) }
            try await http.shutdown()
            group.cancelAll()
            try outcome.get()
        }
    }
}

/// What an asynchronous body came to.
private struct Outcome {
    private let error: (any Error)?

    init(_ body: () async throws -> Void) async {
        do {
            try await body()
            error = nil
        } catch {
            self.error = error
        }
    }

    func get() throws {
        if let error { throw error }
    }
}

/// A small seeded generator.
struct SplitMix: RandomNumberGenerator, Sendable {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
