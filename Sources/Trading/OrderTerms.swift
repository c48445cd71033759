/// Buy or sell. Source: FIX tag 54.
package enum Side: String, Sendable, Hashable, CaseIterable {
    case buy = "BUY"
    case sell = "SELL"

    /// The other side.
    package var opposite: Side { self == .buy ? .sell : .buy }

    /// +1 for a buy, -1 for a sell.
    package var sign: Int64 { self == .buy ? 1 : -1 }
}

/// How an order's price is set. Source: FIX tag 40.
package enum OrderType: String, Sendable, Hashable, CaseIterable {
    case market = "MARKET"
    case limit = "LIMIT"
    case stopLimit = "SL"
    case stopMarket = "SL-M"

    /// Whether a limit price belongs to it.
    package var needsPrice: Bool { self == .limit || self == .stopLimit }

    /// Whether a trigger price belongs to it.
    package var needsTrigger: Bool { self == .stopLimit || self == .stopMarket }
}

/// How long an order stays in the book. Source: FIX tag 59.
package enum TimeInForce: Sendable, Hashable {
    case day
    case immediateOrCancel
    /// Cancelled after a number of minutes.
    case minutes(Int)
}

/// How a position is held and margined at an Indian broker.
package enum Product: String, Sendable, Hashable, CaseIterable {
    /// Shares taken into the demat account.
    case delivery = "CNC"
    /// Closed by the broker the same day.
    case intraday = "MIS"
    /// Derivatives carried to the next day.
    case carryForward = "NRML"
    /// Delivery financed by the broker.
    case marginFunded = "MTF"
    /// Intraday behind a stop loss that the broker places: what a cover order's fills are booked under.
    case cover = "CO"
}

/// By how far a market order may walk from the last price before it rests as a limit order.
///
/// Source: Kite Connect, `market_protection`.
package enum MarketProtection: Sendable, Hashable {
    /// The broker's own percentage for the price and the kind of instrument.
    case automatic
    /// A percentage of the last price in basis points, 1...10000.
    case basisPoints(Int64)
}

/// What somebody asks to be done: the terms of a new order.
package struct OrderRequest: Sendable, Hashable {
    /// The instrument to trade.
    package var instrument: InstrumentID
    /// Buy or sell.
    package var side: Side
    /// How the price is set.
    package var type: OrderType
    /// How long it stays in the book.
    package var timeInForce: TimeInForce
    /// How the position is to be held.
    package var product: Product
    /// Units to trade, more than zero.
    package var quantity: Quantity
    /// The limit price of limit and stop-limit orders.
    package var price: Price?
    /// The trigger price of stop orders.
    package var triggerPrice: Price?
    /// Units to show in the book; nil shows all.
    package var disclosedQuantity: Quantity?
    /// How far market and stop-market orders may walk.
    package var marketProtection: MarketProtection?

    /// Puts the terms together.
    package init(
        instrument: InstrumentID, side: Side, type: OrderType, quantity: Quantity, product: Product,
        price: Price? = nil, triggerPrice: Price? = nil, timeInForce: TimeInForce = .day
    ) {
        self.instrument = instrument
        self.side = side
        self.type = type
        self.timeInForce = timeInForce
        self.product = product
        self.quantity = quantity
        self.price = price
        self.triggerPrice = triggerPrice
    }
}

/// A change of the terms of a working order; nil leaves a term as it is.
package struct OrderChange: Sendable, Hashable {
    /// The new total quantity, filled units included.
    package var quantity: Quantity?
    /// The new limit price.
    package var price: Price?
    /// The new trigger price.
    package var triggerPrice: Price?
    /// The new type.
    package var type: OrderType?
    /// The new time in force.
    package var timeInForce: TimeInForce?
    /// Units to show in the book from now on.
    package var disclosedQuantity: Quantity?

    /// Puts the changes together.
    package init(
        quantity: Quantity? = nil, price: Price? = nil, triggerPrice: Price? = nil, type: OrderType? = nil,
        timeInForce: TimeInForce? = nil
    ) {
        self.quantity = quantity
        self.price = price
        self.triggerPrice = triggerPrice
        self.type = type
        self.timeInForce = timeInForce
    }

    /// Whether nothing would change.
    package var isEmpty: Bool { self == OrderChange() }
}
