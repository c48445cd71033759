import Trading

/// One price level of a book; a level that is missing is all zeros.
package struct DepthLevel: Sendable, Hashable {
    /// The price.
    package var price: Price
    /// Units offered or wanted at it.
    package var quantity: Quantity
    /// The number of orders behind the units.
    package var orders: Int

    /// Puts a level together.
    package init(price: Price, quantity: Quantity, orders: Int) {
        self.price = price
        self.quantity = quantity
        self.orders = orders
    }

    /// No level.
    package static let empty = DepthLevel(price: .zero, quantity: 0, orders: 0)
}

/// The state of one instrument's market at one moment. An index has prices and times only; the rest is zero.
package struct Quote: Sendable, Hashable {
    /// The instrument.
    package var token: InstrumentToken
    /// The last traded price.
    package var lastPrice: Price
    /// Units of the last trade.
    package var lastQuantity: Quantity = 0
    /// The volume-weighted price of the day.
    package var averagePrice: Price = .zero
    /// Units traded today.
    package var volume: Quantity = 0
    /// Units wanted over the whole book.
    package var buyQuantity: Quantity = 0
    /// Units offered over the whole book.
    package var sellQuantity: Quantity = 0
    /// The day's first price.
    package var open: Price
    /// The day's highest price.
    package var high: Price
    /// The day's lowest price.
    package var low: Price
    /// The previous day's close.
    package var close: Price
    /// Units open in a derivative.
    package var openInterest: Quantity = 0
    /// The day's highest open interest.
    package var openInterestHigh: Quantity = 0
    /// The day's lowest open interest.
    package var openInterestLow: Quantity = 0
    /// Bids, best first, always five.
    package var bids: [DepthLevel]
    /// Asks, best first, always five.
    package var asks: [DepthLevel]
    /// The lowest price at which orders are taken; zero where it does not trade.
    package var lowerCircuit: Price = .zero
    /// The highest price at which orders are taken; zero where it does not trade.
    package var upperCircuit: Price = .zero
    /// When it last traded; nil for an index.
    package var lastTradeTime: Timestamp?
    /// When the exchange last said anything about it.
    package var exchangeTime: Timestamp

    /// Last price less the previous close.
    package var change: Price { lastPrice - close }

    /// Five missing levels.
    package static let emptyDepth = [DepthLevel](repeating: .empty, count: 5)
}
