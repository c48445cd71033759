import Trading

/// A paper exchange: one market with its accounts, behind one door at a time.
///
/// Every decision is made by the `Market` inside, a value; the actor tells it the time and passes the news on.
package actor Venue {
    /// What is listed.
    package nonisolated let listing: Listing

    var market: Market
    let clock: WallClock
    var admission: @Sendable (String, Timestamp) -> String? = { _, _ in nil }
    private let step: Duration
    private var listeners: [AsyncStream<VenueOrderUpdate>.Continuation] = []
    private var observer: VenueEffectObserver?
    /// Orders whose placement the observer knows of.
    private var observedOrders = 0

    /// Opens the market on its trading date. Costs one pass over the listing.
    package init(configuration: VenueConfiguration, listing: Listing, clock: @escaping WallClock) {
        self.listing = listing
        self.clock = clock
        step = configuration.step
        market = Market(configuration: configuration, listing: listing, now: clock())
    }

    // MARK: Accounts

    /// Opens an account with cash of its own; an account that is open stays as it is.
    package func openAccount(_ id: String, cash: Money) {
        market.openAccount(id, cash: cash)
    }

    /// Opens an account with the opening cash of the configuration.
    package func openAccount(_ id: String) {
        market.openAccount(id, cash: nil)
    }

    /// Puts shares into an account, as if they had settled the day before. Does nothing for an unknown account.
    package func deposit(_ holdings: [Holding], for account: String) {
        market.deposit(holdings, for: account)
    }

    /// What an account holds: carried and today's (`net`), and today's dealings alone (`day`). Flat rows stay.
    package func positions(of account: String) -> (net: [Position], day: [Position]) {
        market.positions(of: account, at: clock())
    }

    /// Shares in the account's demat account.
    package func holdings(of account: String) -> [Holding] {
        market.holdings(of: account, at: clock())
    }

    /// The two purses of an account; everything is kept in the equity purse.
    package func margins(of account: String) -> [MarginSegment: Margin] {
        market.margins(of: account, at: clock())
    }

    /// Today's buy-in auctions of shares that the account holds: some of its NSE shares by lot, at least one where it
    /// holds any. A sale in one trades in the ordinary book, as there is no other buyer here.
    package func auctions(of account: String) -> [VenueAuction] {
        market.auctions(of: account)
    }

    // MARK: Orders

    /// Places an order and matches it at once. Gives the order's number; throws what is refused at once, without
    /// leaving an order. An order beyond the freeze quantity or the price range is taken and then rejected.
    ///
    /// An after-market order is taken at any hour and goes to the book with the first step of the market at which its
    /// exchange is open: with the next one where the market is always open. It is checked at once, but for what the
    /// exchange checks itself. The legs of an iceberg order go one after another, each as soon as the one before is
    /// filled; the stop loss of a cover order appears with the first fill and grows with the others.
    package func place(_ order: VenueOrderRequest, for account: String) throws(VenueRefusal) -> String {
        defer { publish() }
        return try market.place(order, for: account, at: clock())
    }

    /// Changes a working order. Fewer units keep the place in the queue; a new price or more units lose it. A market
    /// order that is made from a limit order needs a protection.
    package func modify(
        _ orderID: String, _ change: OrderChange, protection: MarketProtection? = nil, for account: String
    ) throws(VenueRefusal) {
        defer { publish() }
        try market.modify(orderID, change, protection: protection, for: account, at: clock())
    }

    /// Takes what is left of a working order out of the book. Cancelling a leg of an iceberg order ends the legs behind
    /// it, which the broker does not document and is this market's choice; cancelling the stop loss of a cover order closes the position with a protected market order.
    package func cancel(_ orderID: String, for account: String) throws(VenueRefusal) {
        defer { publish() }
        try market.cancel(orderID, for: account, at: clock())
    }

    /// A number that no order has or will have, for a parent of several orders.
    package func reserveOrderID() -> String {
        market.reserveOrderID(at: clock())
    }

    /// Today's orders of an account in the order of placement.
    package func orders(of account: String) -> [VenueOrder] {
        market.orders(of: account)
    }

    /// Every state of an order, oldest first; nil where the account has no such order.
    package func history(of orderID: String, account: String) -> [VenueOrder]? {
        market.history(of: orderID, account: account)
    }

    /// Today's executions of an account, oldest first.
    package func trades(of account: String) -> [VenueTrade] {
        market.trades(of: account)
    }

    /// The executions of one order, oldest first; nil where the account has no such order.
    package func trades(ofOrder orderID: String, account: String) -> [VenueTrade]? {
        market.trades(ofOrder: orderID, account: account)
    }

    /// News of all orders from now on. Unbounded: nothing is ever dropped.
    package func orderUpdates() -> AsyncStream<VenueOrderUpdate> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: VenueOrderUpdate.self, bufferingPolicy: .unbounded)
        listeners.append(continuation)
        return stream
    }

    /// Tells an observer of every placement, modification and cancellation from now on, before the call that did it
    /// returns.
    package func observeEffects(_ observer: @escaping VenueEffectObserver) {
        self.observer = observer
        observedOrders = market.orders.count
    }

    // MARK: Prices

    /// The state of one instrument's market; nil where it is not listed or has expired.
    package func quote(_ token: InstrumentToken) -> Quote? {
        market.quote(token, at: clock())
    }

    /// The states of several instruments' markets; those not listed or expired are left out.
    package func quotes(_ tokens: [InstrumentToken]) -> [Quote] {
        let now = clock()
        return tokens.compactMap { market.quote($0, at: now) }
    }

    /// The instruments whose market changed after a sequence number that an earlier call gave; zero gives all,
    /// and is the number for instruments that were not asked for before.
    package func changedQuotes(
        _ tokens: Set<InstrumentToken>, since sequence: UInt64
    ) -> (sequence: UInt64, quotes: [Quote]) {
        market.changedQuotes(tokens, since: sequence, at: clock())
    }

    // MARK: Time

    /// Moves the market by one step: prices move, orders match, stops, triggers and alerts fire.
    package func advance() {
        market.advance(at: clock())
        publish()
    }

    /// Advances once every step until the task is cancelled.
    package func run() async {
        let clock = ContinuousClock()
        var next = clock.now
        while !Task.isCancelled {
            advance()
            // Steps missed while the machine slept are left out rather than made up.
            next = max(next.advanced(by: step), clock.now)
            do {
                try await clock.sleep(until: next)
            } catch {
                return
            }
        }
    }

    /// Hands the market and the time to a part of the venue that stands in another file.
    func withMarket<Value>(_ body: (inout Market, Timestamp) -> Value) -> Value {
        body(&market, clock())
    }

    private func publish() {
        market.fireTriggers(at: clock(), admitting: admission)
        let updates = market.takeUpdates()
        observe(updates)
        for update in updates {
            listeners.removeAll { listener in
                if case .terminated = listener.yield(update) { true } else { false }
            }
        }
    }

    private func observe(_ updates: [VenueOrderUpdate]) {
        guard let observer else { return }
        while observedOrders < market.orders.count {
            observer(
                VenueEffect(
                    kind: .placement, asked: market.orders[observedOrders].request.terms,
                    order: market.snapshot(observedOrders), firedAppID: market.firedAppIDs[observedOrders]))
            observedOrders += 1
        }
        for update in updates {
            switch update.event {
            case .modified: observer(VenueEffect(kind: .modification, asked: nil, order: update.order))
            case .cancelled: observer(VenueEffect(kind: .cancellation, asked: nil, order: update.order))
            default: break
            }
        }
    }
}
