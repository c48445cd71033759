import Trading

/// A whole paper market as a value: prices, books, orders, accounts. It is told the time and never asks for it.
///
/// The same calls in the same order with the same seed give the same market.
struct Market: Sendable {
    /// One execution.
    struct Execution: Sendable {
        let number: Int64
        let order: Int
        let price: Int64
        let quantity: Int64
        let time: Timestamp
    }

    let configuration: VenueConfiguration
    let listing: Listing
    let hours: TradingHours
    var model: MarketModel
    /// Instruments that somebody has looked at or traded.
    var states: [InstrumentState] = []
    /// Where the state of a row stands in `states`; -1 where it has none yet.
    private var slotOfRow: [Int32]
    /// Instruments with orders, in the order in which they got their first.
    var active: [Int] = []
    var orders: [LiveOrder] = []
    var executions: [Execution] = []
    var accounts: [PaperAccount] = []
    private var accountNumbers: [String: Int] = [:]
    /// Orders that end at a set time.
    var timed: [(order: Int, deadline: Timestamp)] = []
    /// After-market orders whose session has not opened yet.
    var waiting: [Int] = []
    /// Orders whose fills concern their companions, until `runFollowUps`.
    var followUps: [Int] = []
    var updates: [VenueOrderUpdate] = []
    /// What candles of the day are made of.
    var tape: MarketTape
    var gtts = GTTBook()
    var alerts = AlertBook()
    /// The apps whose triggers and alerts placed an order, by the order's place.
    var firedAppIDs: [Int: Int] = [:]
    /// The prices that triggers and alerts have been held against.
    var firedUpTo = PriceMark(step: 0, executions: 0)
    private(set) var step: UInt64 = 0
    /// The last step of each exchange, which stands still while the exchange is closed.
    private var exchangeSteps = [UInt64](repeating: 0, count: Exchange.allCases.count)
    private var sequence: UInt64 = 0
    private var orderNumbers = OrderNumbers()
    private var lastExchangeNumber: Int64 = 1_100_000_000_000_000

    init(configuration: VenueConfiguration, listing: Listing, now: Timestamp) {
        self.configuration = configuration
        self.listing = listing
        hours = TradingHours(tradingDate: configuration.tradingDate, isAlwaysOpen: configuration.alwaysOpen)
        model = MarketModel(configuration: configuration, listing: listing)
        slotOfRow = [Int32](repeating: -1, count: listing.count)
        tape = MarketTape(openedAt: now)
        sequence = Self.firstSequence(ofStep: 0)
    }

    // MARK: Numbers

    mutating func nextOrderNumber(at now: Timestamp) -> Int64 { orderNumbers.next(at: now) }

    mutating func nextExchangeNumber() -> Int64 {
        lastExchangeNumber += 1
        return lastExchangeNumber
    }

    mutating func reserveOrderID(at now: Timestamp) -> String { String(nextOrderNumber(at: now)) }

    /// A step's changes are numbered from here on; a million of them fit before the next step's.
    static func firstSequence(ofStep step: UInt64) -> UInt64 { (step + 1) << 20 }

    var currentSequence: UInt64 { sequence }

    /// Notes that something other than the model changed an instrument's market.
    mutating func touch(_ slot: Int, at now: Timestamp) {
        sequence += 1
        states[slot].changed = sequence
        states[slot].time = now
    }

    mutating func nextStep(at now: Timestamp) {
        step += 1
        for (place, exchange) in Exchange.allCases.enumerated() where hours.isOpen(exchange, at: now) {
            exchangeSteps[place] = step
        }
        sequence = max(sequence + 1, Self.firstSequence(ofStep: step))
        tape.note(step: step, at: now)
    }

    /// The last step of an instrument's exchange.
    func exchangeStep(of terms: InstrumentState.Terms) -> UInt64 { exchangeSteps[terms.exchangePlace] }

    // MARK: Accounts

    mutating func openAccount(_ id: String, cash: Money?) {
        guard accountNumbers[id] == nil else { return }
        accountNumbers[id] = accounts.count
        accounts.append(PaperAccount(id: id, openingCash: cash ?? configuration.openingCash))
    }

    func account(_ id: String) -> Int? { accountNumbers[id] }

    mutating func deposit(_ holdings: [Holding], for id: String) {
        guard let account = account(id) else { return }
        accounts[account].deposit(holdings)
    }

    // MARK: Instruments

    /// The state of a row, brought up to the present step.
    mutating func slot(ofRow row: Int, at now: Timestamp) -> Int {
        var slot = Int(slotOfRow[row])
        if slot < 0 {
            slot = states.count
            slotOfRow[row] = Int32(slot)
            let step = exchangeSteps[Int(listing.rows[row].exchange)]
            states.append(model.state(ofRow: row, atStep: step, now: now))
        }
        refresh(slot, at: now)
        return slot
    }

    /// Brings an instrument up to the present step: a new snapshot where it moved, eaten liquidity given back.
    mutating func refresh(_ slot: Int, at now: Timestamp) {
        let step = exchangeSteps[states[slot].terms.exchangePlace]
        let epoch = states[slot].epoch(atStep: step)
        if states[slot].snapshot.epoch != epoch {
            move(slot, to: epoch, step: step, at: now)
        } else if states[slot].refilledStep != step {
            let steps = step - states[slot].refilledStep
            states[slot].refilledStep = step
            if refill(slot, steps: steps) {
                states[slot].changed = max(states[slot].changed, Self.firstSequence(ofStep: step))
                states[slot].time = now
            }
        }
    }

    private mutating func move(_ slot: Int, to epoch: UInt64, step: UInt64, at now: Timestamp) {
        var snapshot = model.snapshot(states[slot].terms, epoch: epoch)
        let lot = states[slot].terms.lot
        snapshot.bids.inherit(states[slot].snapshot.bids, lot: lot)
        snapshot.asks.inherit(states[slot].snapshot.asks, lot: lot)
        states[slot].snapshot = snapshot
        refill(slot, steps: step - states[slot].refilledStep)
        states[slot].refilledStep = step
        states[slot].changed = max(states[slot].changed, Self.firstSequence(ofStep: epoch))
        states[slot].time = now
        states[slot].last = snapshot.last
        states[slot].lastQuantity = snapshot.lastQuantity
        states[slot].lastTradeTime = now
        states[slot].day.see(price: snapshot.last)
        states[slot].day.see(openInterest: snapshot.openInterest)
        states[slot].day.sample(snapshot.last)
    }

    @discardableResult
    private mutating func refill(_ slot: Int, steps: UInt64) -> Bool {
        let lot = states[slot].terms.lot
        let before = (states[slot].snapshot.bids.eaten, states[slot].snapshot.asks.eaten)
        states[slot].snapshot.bids.refill(steps: steps, lot: lot)
        states[slot].snapshot.asks.refill(steps: steps, lot: lot)
        return before != (states[slot].snapshot.bids.eaten, states[slot].snapshot.asks.eaten)
    }

    mutating func takeUpdates() -> [VenueOrderUpdate] {
        if updates.isEmpty { return [] }
        defer { updates.removeAll(keepingCapacity: true) }
        return updates
    }
}
