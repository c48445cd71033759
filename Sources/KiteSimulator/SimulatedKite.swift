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
    package let faults: Faults
    /// What was really accepted.
    package let ledger: Ledger
    /// What has happened, in numbers.
    package let counts = RequestCounts()

    let venue: Venue
    let configuration: SimulatorConfiguration
    let clock: WallClock
    let random: RandomBytes
    let sessions: Mutex<SessionBook>
    let counters: Mutex<RateCounters>
    let dumps: InstrumentDumps
    let authorisations: Mutex<AuthorisationBook>
    let funds: Mutex<FundBooks>
    let ticker: TickerHub
    let signIns: Mutex<WebSignIns>
    private let postbacks: PostbackDesk
    private let queue = Mutex(UpdateQueue())
    private let trueClock: WallClock
    private let updates: AsyncStream<VenueOrderUpdate>

    /// Opens an account at the venue for every user and listens for order news from here on.
    ///
    /// `clock` is the true one; the exchange's is that of `faults`, which the venue should go by too. Without a
    /// transport no postbacks are sent.
    package init(
        venue: Venue, configuration: SimulatorConfiguration, clock: @escaping WallClock,
        random: @escaping RandomBytes, faults: Faults? = nil, postbacks transport: PostbackTransport? = nil
    ) async {
        let faults = faults ?? Faults(clock: clock)
        let ledger = Ledger(clock: faults.exchangeClock)
        self.venue = venue
        self.configuration = configuration
        self.faults = faults
        self.ledger = ledger
        trueClock = clock
        self.clock = faults.exchangeClock
        self.random = random
        sessions = Mutex(SessionBook(configuration: configuration, random: random))
        signIns = Mutex(WebSignIns(random: random))
        counters = Mutex(RateCounters(limits: configuration.limits))
        dumps = InstrumentDumps(listing: venue.listing)
        authorisations = Mutex(AuthorisationBook(random: random))
        funds = Mutex(FundBooks(random: random))
        ticker = TickerHub(
            venue: venue, configuration: configuration, faults: faults, counts: counts, clock: faults.exchangeClock)
        postbacks = PostbackDesk(
            configuration: configuration, ledger: ledger, counts: counts, faults: faults, clock: clock,
            transport: transport)
        for user in configuration.users { await venue.openAccount(user.userID) }
        await venue.observeEffects { effect in
            ledger.record(effect, firedFor: effect.firedAppID.flatMap(configuration.app(numbered:))?.apiKey)
        }
        updates = await venue.orderUpdates()
        await venue.admitFiredOrders { [weak self] account, now in self?.countFired(for: account, at: now) }
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
            group.addTask { await self.postbacks.run() }
        }
    }

    private func relayUpdates() async {
        for await update in updates {
            let fault = faults.take(for: .ticker)
            let now = trueClock()
            for update in queue.withLock({ $0.accept(update, fault, at: now) }) { await ticker.tell(update) }
            postbacks.take(update)
        }
    }

    private func relayTicks() async {
        let clock = ContinuousClock()
        var next = clock.now
        while !Task.isCancelled {
            let now = trueClock()
            for update in queue.withLock({ $0.due(at: now) }) { await ticker.tell(update) }
            postbacks.release()
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
