/// An order to place.
///
/// Kite's field names in camel case; nil fields are not sent. Prices are in rupees.
public struct KiteOrderRequest: Sendable, Hashable {
    /// The kind of entry.
    public var variety: KiteVariety
    /// Where to trade.
    public var exchange: KiteExchange
    /// What to trade.
    public var tradingsymbol: String
    /// Buy or sell.
    public var transactionType: KiteTransactionType
    /// Units for NSE, BSE, NFO and BFO; lots for MCX.
    public var quantity: Int
    /// How to carry it.
    public var product: KiteProduct
    /// The price condition.
    public var orderType: KiteOrderType
    /// The limit price; for LIMIT and SL.
    public var price: Double?
    /// The trigger price; for SL, SL-M and cover orders.
    public var triggerPrice: Double?
    /// How long it stays.
    public var validity: KiteValidity
    /// Minutes to stay; with validity TTL.
    public var validityTTLMinutes: Int?
    /// The part of the quantity that the book shows; equity only.
    public var disclosedQuantity: Int?
    /// Number of legs, 2 to 50; with variety iceberg.
    public var icebergLegs: Int?
    /// Quantity of a leg; with variety iceberg.
    public var icebergQuantity: Int?
    /// The auction to take part in; with variety auction.
    public var auctionNumber: String?
    /// The caller's mark, at most 20 characters; longer ones are refused before sending.
    public var tag: String?
    /// Percent beyond the last price at which a MARKET or SL-M order stops, or -1 for Kite's own choice.
    public var marketProtection: Double?
    /// Whether Kite may split a quantity above the exchange's freeze quantity.
    public var autoslice: Bool?
    /// The exchange's number of a registered strategy.
    public var algoID: String?

    /// An order with the fields that every order has; set the others afterwards.
    public init(
        variety: KiteVariety = .regular, exchange: KiteExchange, tradingsymbol: String,
        transactionType: KiteTransactionType, quantity: Int, product: KiteProduct, orderType: KiteOrderType,
        price: Double? = nil, triggerPrice: Double? = nil, validity: KiteValidity = .day, tag: String? = nil,
        marketProtection: Double? = nil
    ) {
        self.variety = variety
        self.exchange = exchange
        self.tradingsymbol = tradingsymbol
        self.transactionType = transactionType
        self.quantity = quantity
        self.product = product
        self.orderType = orderType
        self.price = price
        self.triggerPrice = triggerPrice
        self.validity = validity
        self.tag = tag
        self.marketProtection = marketProtection
    }

    /// The form of the call, in the order of Kite's documentation.
    func form() throws(KiteError) -> [(name: String, value: String)] {
        try check()
        var form = OrderForm()
        form.add("exchange", exchange.rawValue)
        form.add("tradingsymbol", tradingsymbol)
        form.add("transaction_type", transactionType.rawValue)
        form.add("quantity", quantity)
        form.add("product", product.rawValue)
        form.add("order_type", orderType.rawValue)
        try form.add("price", price)
        try form.add("trigger_price", triggerPrice)
        form.add("validity", validity.rawValue)
        form.add("validity_ttl", validityTTLMinutes)
        form.add("disclosed_quantity", disclosedQuantity)
        form.add("iceberg_legs", icebergLegs)
        form.add("iceberg_quantity", icebergQuantity)
        form.add("auction_number", auctionNumber)
        form.add("tag", tag)
        try form.add("market_protection", marketProtection)
        form.add("autoslice", autoslice.map { $0 ? "true" : "false" })
        form.add("algo_id", algoID)
        return form.pairs
    }

    /// Throws `.input` for what Kite is known to refuse.
    func check() throws(KiteError) {
        if let tag, tag.count > 20 { throw .unsendable("tag is longer than 20 characters") }
    }

    /// How many orders of the day's count the request makes: an iceberg counts one a leg.
    var orderCount: Int { variety == .iceberg ? max(icebergLegs ?? 1, 1) : 1 }
}

/// The new values of an order's fields; nil fields stay as they are.
public struct KiteOrderChange: Sendable, Hashable {
    /// The quantity; whether it means total or remaining on a partly filled order is not documented.
    public var quantity: Int?
    /// The limit price in rupees.
    public var price: Double?
    /// The price condition; LIMIT to MARKET needs `marketProtection`.
    public var orderType: KiteOrderType?
    /// The trigger price in rupees.
    public var triggerPrice: Double?
    /// How long it stays.
    public var validity: KiteValidity?
    /// Minutes to stay; with validity TTL.
    public var validityTTLMinutes: Int?
    /// The part of the quantity that the book shows.
    public var disclosedQuantity: Int?
    /// Percent beyond the last price at which a MARKET order stops, or -1 for Kite's own choice.
    public var marketProtection: Double?
    /// The first leg, when the second leg of a cover order is changed.
    public var parentOrderID: String?

    /// A change; give what shall be different.
    public init(
        quantity: Int? = nil, price: Double? = nil, orderType: KiteOrderType? = nil, triggerPrice: Double? = nil,
        validity: KiteValidity? = nil, validityTTLMinutes: Int? = nil, disclosedQuantity: Int? = nil,
        marketProtection: Double? = nil, parentOrderID: String? = nil
    ) {
        self.quantity = quantity
        self.price = price
        self.orderType = orderType
        self.triggerPrice = triggerPrice
        self.validity = validity
        self.validityTTLMinutes = validityTTLMinutes
        self.disclosedQuantity = disclosedQuantity
        self.marketProtection = marketProtection
        self.parentOrderID = parentOrderID
    }

    /// The form of the call.
    func form() throws(KiteError) -> [(name: String, value: String)] {
        var form = OrderForm()
        form.add("parent_order_id", parentOrderID)
        form.add("quantity", quantity)
        try form.add("price", price)
        form.add("order_type", orderType?.rawValue)
        try form.add("trigger_price", triggerPrice)
        form.add("validity", validity?.rawValue)
        form.add("validity_ttl", validityTTLMinutes)
        form.add("disclosed_quantity", disclosedQuantity)
        try form.add("market_protection", marketProtection)
        return form.pairs
    }
}

extension KiteError {
    /// A parameter that was found wrong before anything was sent.
    static func unsendable(_ detail: String) -> KiteError {
        KiteError(.input, effect: .none, message: detail + "; nothing was sent")
    }
}
