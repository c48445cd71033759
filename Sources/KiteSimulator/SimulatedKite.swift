import Hummingbird
import Logging
import NIOCore
import PaperExchange
import Synchronization
import Trading
import WebServer

/// Kite Connect's REST API and ticker in front of a paper exchange, close enough for the broker's own clients.
///
/// REST and the ticker share one address: a WebSocket upgrade of `/` is the ticker. `run` moves ticks and order
/// messages; the listener from `bind` answers requests; the venue's own `run` moves the market.
package final class SimulatedKite: Sendable {
    /// Ways to fail, for tests.
    package let faults = Faults()

    let venue: Venue
    let configuration: SimulatorConfiguration
    let clock: WallClock
    let sessions: Mutex<SessionBook>
    let counters: Mutex<RateCounters>
    let dumps: InstrumentDumps
    let ticker: TickerHub
    private let updates: AsyncStream<VenueOrderUpdate>

    /// Opens an account at the venue for every user and listens for order news from here on.
    package init(
        venue: Venue, configuration: SimulatorConfiguration, clock: @escaping WallClock,
        random: @escaping RandomBytes
    ) async {
        self.venue = venue
        self.configuration = configuration
        self.clock = clock
        sessions = Mutex(SessionBook(configuration: configuration, random: random))
        counters = Mutex(RateCounters(limits: configuration.limits))
        dumps = InstrumentDumps(listing: venue.listing)
        ticker = TickerHub(venue: venue, configuration: configuration, faults: faults, clock: clock)
        for user in configuration.users { await venue.openAccount(user.userID) }
        updates = await venue.orderUpdates()
    }

    /// Makes a request token without the sign-in page, good for one exchange by any app; nil for an unknown user.
    package func mintRequestToken(for userID: String, lifetime: Duration = .seconds(300)) -> String? {
        let now = clock()
        return sessions.withLock { $0.mintRequestToken(userID: userID, apiKey: nil, lifetime: lifetime, at: now) }
    }

    /// What the listener serves.
    package func router() -> Router<ConnectionRequestContext> {
        let router = Router(context: ConnectionRequestContext.self)
        router.add(middleware: ResponseCompression())
        router.add(middleware: KiteEndpoints(kite: self))
        return router
    }

    /// Takes an address; port 0 takes any free one. Nothing is answered before the listener runs.
    package func bind(host: String, port: Int, logger: Logger) async throws(ListenerError) -> HTTPListener {
        try await HTTPListener.bind(name: "exchange", host: host, port: port, router: router(), logger: logger)
    }

    /// The number of open ticker connections.
    package var tickerConnections: Int {
        get async { await ticker.connectionCount }
    }

    /// Closes every ticker connection, as when the broker's end restarts.
    package func disconnectTickers() async {
        await ticker.disconnectAll()
    }

    /// Moves ticks and order messages until the task is cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.relayUpdates() }
            group.addTask { await self.relayTicks() }
        }
    }

    private func relayUpdates() async {
        for await update in updates { await ticker.tell(update) }
    }

    private func relayTicks() async {
        let clock = ContinuousClock()
        var next = clock.now
        while !Task.isCancelled {
            await ticker.round()
            // Rounds missed while the machine slept are left out rather than made up.
            next = max(next.advanced(by: configuration.ticker.interval), clock.now)
            do {
                try await clock.sleep(until: next)
            } catch {
                return
            }
        }
    }
}
