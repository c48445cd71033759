import JSON

/// A trigger to make, or the new whole of one: an order that waits for a price, or two of which one cancels the other.
///
/// Kite keeps at most 500 active triggers a user, each for a year, and fires each once; a fired trigger places DAY
/// orders in market hours. Source: Kite Connect, GTT.
public struct KiteTriggerRequest: Sendable, Hashable {
    /// Where the instrument trades.
    public var exchange: KiteExchange
    /// Which instrument is watched and traded.
    public var tradingsymbol: String
    /// The instrument's last price now, in rupees; Kite refuses a trigger that is too near to it.
    public var lastPrice: Double
    /// What fires.
    public var legs: Legs

    /// One price with its order, or a lower and an upper one.
    public enum Legs: Sendable, Hashable {
        /// Fires at one price.
        case single(KiteTriggerLeg)
        /// The lower price (a stop-loss of a sale) and the upper (its target); when one fires, the other is dropped.
        case twoLeg(lower: KiteTriggerLeg, upper: KiteTriggerLeg)
    }

    /// A trigger on an instrument.
    public init(exchange: KiteExchange, tradingsymbol: String, lastPrice: Double, legs: Legs) {
        self.exchange = exchange
        self.tradingsymbol = tradingsymbol
        self.lastPrice = lastPrice
        self.legs = legs
    }

    /// The form of the call; throws `.input` for a price that is no number and for legs in the wrong order.
    func form() throws(KiteError) -> [(name: String, value: String)] {
        let type: String
        let ordered: [KiteTriggerLeg]
        switch legs {
        case .single(let leg): (type, ordered) = ("single", [leg])
        case .twoLeg(let lower, let upper):
            guard lower.triggerPrice < upper.triggerPrice else {
                throw .unsendable("the lower trigger price is not below the upper")
            }
            (type, ordered) = ("two-leg", [lower, upper])
        }
        var values: [JSONValue] = []
        var orders: [JSONValue] = []
        for leg in ordered {
            values.append(try .decimal(leg.triggerPrice, "trigger_values"))
            orders.append(try order(leg))
        }
        var condition = RequestObject()
        condition.add("exchange", exchange.rawValue)
        condition.add("tradingsymbol", tradingsymbol)
        condition.add("trigger_values", json: .array(values))
        try condition.add("last_price", lastPrice)
        return [("type", type), ("condition", condition.json.text), ("orders", JSONValue.array(orders).text)]
    }

    private func order(_ leg: KiteTriggerLeg) throws(KiteError) -> JSONValue {
        var order = RequestObject()
        order.add("exchange", exchange.rawValue)
        order.add("tradingsymbol", tradingsymbol)
        order.add("transaction_type", leg.transactionType.rawValue)
        order.add("quantity", leg.quantity)
        order.add("order_type", leg.orderType.rawValue)
        order.add("product", leg.product.rawValue)
        try order.add("price", leg.price)
        try order.add("market_protection", leg.marketProtection)
        return order.json
    }
}

/// A price that fires, and the order that is then placed.
public struct KiteTriggerLeg: Sendable, Hashable {
    /// Fires when the last price reaches or crosses it, in rupees.
    public var triggerPrice: Double
    /// Buy or sell.
    public var transactionType: KiteTransactionType
    /// Units.
    public var quantity: Int
    /// How the order is carried: CNC, NRML or MTF.
    public var product: KiteProduct
    /// LIMIT, or MARKET with `marketProtection`.
    public var orderType: KiteOrderType
    /// The limit price in rupees; 0 with MARKET.
    public var price: Double
    /// Percent beyond the last price at which a MARKET order stops, or -1 for Kite's own choice; nil is not sent.
    public var marketProtection: Double?

    /// A leg; a limit order unless given otherwise.
    public init(
        triggerPrice: Double, transactionType: KiteTransactionType, quantity: Int, product: KiteProduct,
        orderType: KiteOrderType = .limit, price: Double, marketProtection: Double? = nil
    ) {
        self.triggerPrice = triggerPrice
        self.transactionType = transactionType
        self.quantity = quantity
        self.product = product
        self.orderType = orderType
        self.price = price
        self.marketProtection = marketProtection
    }
}
