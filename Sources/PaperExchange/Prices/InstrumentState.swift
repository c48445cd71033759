import Trading

/// One instrument that somebody has looked at or traded: its terms, its place in the model, its book and its day.
struct InstrumentState: Sendable {
    /// What never changes during the day.
    struct Terms: Sendable {
        let row: Int
        let token: InstrumentToken
        let kind: ListedRow.Kind
        let exchange: Exchange
        /// Where the exchange stands among all.
        let exchangePlace: Int
        let underlying: Int
        let sort: Underlying.Sort
        /// The grid, in ten-thousandths; for an index the grid on which it is published.
        let tick: Int64
        let lot: Int64
        let isTradable: Bool
        let isExpired: Bool
        let freezeQuantity: Int64?
        let pricing: Pricing
        let tenor: Tenor?
        /// Between 0 and 1: how much is going on in it.
        let liveliness: Double
        /// It moves every so many steps, at those that leave this remainder.
        let period: UInt64
        let phase: UInt64
        let close: Int64
        let lowerCircuit: Int64
        let upperCircuit: Int64
        let openInterest: Int64
        let seed: UInt64
    }

    /// What the model says since the last step at which the instrument moved.
    struct Snapshot: Sendable {
        var epoch = UInt64.max
        var last: Int64 = 0
        var lastQuantity: Int64 = 0
        var volume: Int64 = 0
        var openInterest: Int64 = 0
        var bids = Ladder()
        var asks = Ladder()
    }

    /// What the day was like so far.
    struct Day: Sendable {
        var open: Int64 = 0
        var high: Int64 = 0
        var low: Int64 = 0
        var openInterestHigh: Int64 = 0
        var openInterestLow: Int64 = 0
        /// The mean of the model's last prices.
        var mean = 0.0
        var samples = 0.0
        var userVolume: Int64 = 0
        var userValue: Double = 0

        mutating func see(price: Int64) {
            high = max(high, price)
            low = min(low, price)
        }

        mutating func see(openInterest: Int64) {
            openInterestHigh = max(openInterestHigh, openInterest)
            openInterestLow = min(openInterestLow, openInterest)
        }

        mutating func sample(_ price: Int64) {
            samples += 1
            mean += (Double(price) - mean) / samples
        }
    }

    let terms: Terms
    var snapshot = Snapshot()
    var day = Day()
    var book = OrderBook()
    /// Stop orders that wait, in the order of placement.
    var stops: [Int] = []
    /// Whether the market steps through it.
    var isActive = false
    /// The market's sequence number of its last change.
    var changed: UInt64 = 0
    /// The step to which eaten liquidity has been given back.
    var refilledStep: UInt64 = 0
    /// When it last changed.
    var time: Timestamp
    /// The last price: the model's, or that of a trade since.
    var last: Int64 = 0
    var lastQuantity: Int64 = 0
    var lastTradeTime: Timestamp

    var hasOrders: Bool { !book.isEmpty || !stops.isEmpty }

    /// The step at which the instrument last moved.
    func epoch(atStep step: UInt64) -> UInt64 {
        let late = (step + terms.phase) % terms.period
        return step >= late ? step - late : 0
    }
}
