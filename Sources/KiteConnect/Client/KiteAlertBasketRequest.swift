import JSON

/// The orders that an alert places when it fires.
public struct KiteAlertBasketRequest: Sendable, Hashable {
    /// The basket's name.
    public var name: String
    /// Marks.
    public var tags: [String]
    /// The orders, in the order in which they are placed.
    public var orders: [KiteAlertOrderRequest]

    /// A basket.
    public init(name: String, tags: [String] = [], orders: [KiteAlertOrderRequest]) {
        self.name = name
        self.tags = tags
        self.orders = orders
    }

    func json() throws(KiteError) -> JSONValue {
        guard !orders.isEmpty else { throw .unsendable("the basket has no order") }
        var items: [JSONValue] = []
        for (index, order) in orders.enumerated() { items.append(try order.json(weight: index)) }
        var basket = RequestObject()
        basket.add("name", name)
        basket.add("type", "alert")
        basket.add("tags", json: .array(tags.map { .string($0) }))
        basket.add("items", json: .array(items))
        return basket.json
    }
}

/// One order of an alert: an order request with what alerts add to it.
public struct KiteAlertOrderRequest: Sendable, Hashable {
    /// The order; its `autoslice`, `auctionNumber` and `algoID` have no place in an alert and are not sent.
    public var order: KiteOrderRequest
    /// The instrument's last price now, in rupees.
    public var lastPrice: Double
    /// Percent above the fill at which to leave with a profit, by a trigger set once filled; nil for none.
    public var target: Double?
    /// Percent below the fill at which to leave with a loss, by a trigger set once filled; nil for none.
    public var stopLoss: Double?

    /// An order of an alert.
    public init(_ order: KiteOrderRequest, lastPrice: Double = 0, target: Double? = nil, stopLoss: Double? = nil) {
        self.order = order
        self.lastPrice = lastPrice
        self.target = target
        self.stopLoss = stopLoss
    }

    func json(weight: Int) throws(KiteError) -> JSONValue {
        try order.check()
        var item = RequestObject()
        item.add("type", "insert")
        item.add("tradingsymbol", order.tradingsymbol)
        item.add("exchange", order.exchange.rawValue)
        item.add("weight", weight)
        item.add("params", json: try parameters())
        return item.json
    }

    /// Kite stores every field of an alert's order, so the ones that are not set go as zero.
    private func parameters() throws(KiteError) -> JSONValue {
        var fields = RequestObject()
        fields.add("transaction_type", order.transactionType.rawValue)
        fields.add("product", order.product.rawValue)
        fields.add("order_type", order.orderType.rawValue)
        fields.add("validity", order.validity.rawValue)
        fields.add("validity_ttl", order.validityTTLMinutes ?? 0)
        fields.add("quantity", order.quantity)
        try fields.add("price", order.price ?? 0)
        try fields.add("trigger_price", order.triggerPrice ?? 0)
        fields.add("disclosed_quantity", order.disclosedQuantity ?? 0)
        try fields.add("last_price", lastPrice)
        fields.add("variety", order.variety.rawValue)
        fields.add("tags", json: .array((order.tag.map { [$0] } ?? []).map { .string($0) }))
        fields.add("squareoff", 0)
        fields.add("stoploss", 0)
        fields.add("trailing_stoploss", 0)
        fields.add("iceberg_legs", order.icebergLegs ?? 0)
        try fields.add("market_protection", order.marketProtection ?? 0)
        if target != nil || stopLoss != nil {
            var trigger = RequestObject()
            try trigger.add("target", target ?? 0)
            try trigger.add("stoploss", stopLoss ?? 0)
            fields.add("gtt", json: trigger.json)
        }
        return fields.json
    }
}
