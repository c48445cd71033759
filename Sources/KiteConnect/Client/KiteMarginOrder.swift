import JSON

/// An order whose margin is asked for; nothing is placed.
public struct KiteMarginOrder: Sendable, Hashable {
    /// Where to trade.
    public var exchange: KiteExchange
    /// What to trade.
    public var tradingsymbol: String
    /// Buy or sell.
    public var transactionType: KiteTransactionType
    /// The kind of entry.
    public var variety: KiteVariety
    /// How to carry it.
    public var product: KiteProduct
    /// The price condition.
    public var orderType: KiteOrderType
    /// Units; lots for MCX.
    public var quantity: Int
    /// The limit price in rupees; 0 without one.
    public var price: Double
    /// The trigger price in rupees; 0 without one.
    public var triggerPrice: Double

    /// An order to reckon with.
    public init(
        exchange: KiteExchange, tradingsymbol: String, transactionType: KiteTransactionType,
        variety: KiteVariety = .regular, product: KiteProduct, orderType: KiteOrderType, quantity: Int,
        price: Double = 0, triggerPrice: Double = 0
    ) {
        self.exchange = exchange
        self.tradingsymbol = tradingsymbol
        self.transactionType = transactionType
        self.variety = variety
        self.product = product
        self.orderType = orderType
        self.quantity = quantity
        self.price = price
        self.triggerPrice = triggerPrice
    }

    /// The margin question of an order that could be placed.
    public init(_ order: KiteOrderRequest) {
        self.init(
            exchange: order.exchange, tradingsymbol: order.tradingsymbol, transactionType: order.transactionType,
            variety: order.variety, product: order.product, orderType: order.orderType, quantity: order.quantity,
            price: order.price ?? 0, triggerPrice: order.triggerPrice ?? 0)
    }

    func json() throws(KiteError) -> JSONValue {
        var order = RequestObject()
        order.add("exchange", exchange.rawValue)
        order.add("tradingsymbol", tradingsymbol)
        order.add("transaction_type", transactionType.rawValue)
        order.add("variety", variety.rawValue)
        order.add("product", product.rawValue)
        order.add("order_type", orderType.rawValue)
        order.add("quantity", quantity)
        try order.add("price", price)
        try order.add("trigger_price", triggerPrice)
        return order.json
    }
}

/// An executed order whose charges are asked for.
public struct KiteChargedOrder: Sendable, Hashable {
    /// Any text; Kite does not repeat it.
    public var orderID: String
    /// Where it traded.
    public var exchange: KiteExchange
    /// What traded.
    public var tradingsymbol: String
    /// Buy or sell.
    public var transactionType: KiteTransactionType
    /// The kind of entry.
    public var variety: KiteVariety
    /// How it is carried.
    public var product: KiteProduct
    /// The price condition.
    public var orderType: KiteOrderType
    /// Units; lots for MCX.
    public var quantity: Int
    /// The price of the fills in rupees; not zero.
    public var averagePrice: Double

    /// An executed order.
    public init(
        orderID: String, exchange: KiteExchange, tradingsymbol: String, transactionType: KiteTransactionType,
        variety: KiteVariety = .regular, product: KiteProduct, orderType: KiteOrderType, quantity: Int,
        averagePrice: Double
    ) {
        self.orderID = orderID
        self.exchange = exchange
        self.tradingsymbol = tradingsymbol
        self.transactionType = transactionType
        self.variety = variety
        self.product = product
        self.orderType = orderType
        self.quantity = quantity
        self.averagePrice = averagePrice
    }

    func json() throws(KiteError) -> JSONValue {
        guard averagePrice > 0 else { throw .unsendable("average_price is not above zero") }
        var order = RequestObject()
        order.add("order_id", orderID)
        order.add("exchange", exchange.rawValue)
        order.add("tradingsymbol", tradingsymbol)
        order.add("transaction_type", transactionType.rawValue)
        order.add("variety", variety.rawValue)
        order.add("product", product.rawValue)
        order.add("order_type", orderType.rawValue)
        order.add("quantity", quantity)
        try order.add("average_price", averagePrice)
        return order.json
    }
}
