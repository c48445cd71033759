import JSON

/// A price alert, with orders when its type is `ato`.
public struct KiteAlert: KiteDecodable, Hashable {
    /// `simple` or `ato`.
    public let type: String
    /// The user.
    public let userID: String
    /// The alert's id.
    public let uuid: String
    /// The user's name for it.
    public let name: String
    /// `enabled`, `disabled` or `deleted`.
    public let status: String
    /// Why it is disabled, or nil.
    public let disabledReason: String?
    /// What is watched, such as `LastTradedPrice`.
    public let leftAttribute: String
    /// Where it is watched.
    public let leftExchange: KiteExchange
    /// Which instrument is watched.
    public let leftTradingsymbol: String
    /// `<=`, `>=`, `<`, `>` or `==`.
    public let comparison: String
    /// `constant` or `instrument`.
    public let rightType: String
    /// The value compared with.
    public let rightConstant: Double?
    /// What of the other instrument.
    public let rightAttribute: String
    /// Where the other instrument trades.
    public let rightExchange: KiteExchange
    /// The other instrument.
    public let rightTradingsymbol: String
    /// How often it fired.
    public let alertCount: Int
    /// When it was made.
    public let createdAt: KiteTime?
    /// When it last changed.
    public let updatedAt: KiteTime?
    /// The orders that it places, or nil.
    public let basket: KiteAlertBasket?

    /// Reads the object; `uuid` and `status` must be there.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "alert")
        type = fields.text("type")
        userID = fields.text("user_id")
        uuid = try fields.required("uuid")
        name = fields.text("name")
        status = try fields.required("status")
        disabledReason = fields.optionalText("disabled_reason")
        leftAttribute = fields.text("lhs_attribute")
        leftExchange = fields.word("lhs_exchange")
        leftTradingsymbol = fields.text("lhs_tradingsymbol")
        comparison = fields.text("operator")
        rightType = fields.text("rhs_type")
        rightConstant = try fields.optionalDouble("rhs_constant")
        rightAttribute = fields.text("rhs_attribute")
        rightExchange = fields.word("rhs_exchange")
        rightTradingsymbol = fields.text("rhs_tradingsymbol")
        alertCount = try fields.int("alert_count")
        createdAt = fields.time("created_at")
        updatedAt = fields.time("updated_at")
        basket = try fields.part("basket")
    }
}

/// The orders of an alert.
public struct KiteAlertBasket: KiteDecodable, Hashable {
    /// Its name.
    public let name: String
    /// `alert`.
    public let type: String
    /// Marks.
    public let tags: [String]
    /// The orders.
    public let items: [KiteAlertItem]

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "alert basket")
        name = fields.text("name")
        type = fields.text("type")
        tags = fields.texts("tags")
        items = try fields.list("items")
    }
}

/// One order of an alert.
public struct KiteAlertItem: KiteDecodable, Hashable {
    /// Kite's number of it.
    public let id: Int
    /// Which instrument.
    public let tradingsymbol: String
    /// Where.
    public let exchange: KiteExchange
    /// The ticker's number of the instrument.
    public let instrumentToken: UInt32
    /// Its place in the basket.
    public let weight: Int
    /// The order's fields.
    public let parameters: KiteAlertOrder?

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "alert item")
        id = try fields.int("id")
        tradingsymbol = fields.text("tradingsymbol")
        exchange = fields.word("exchange")
        instrumentToken = try fields.token("instrument_token")
        weight = try fields.int("weight")
        parameters = try fields.part("params")
    }
}

/// The order fields of an alert's item.
public struct KiteAlertOrder: KiteDecodable, Hashable {
    /// Buy or sell.
    public let transactionType: KiteTransactionType
    /// How it is carried.
    public let product: KiteProduct
    /// The price condition.
    public let orderType: KiteOrderType
    /// How long it stays.
    public let validity: KiteValidity
    /// Minutes to stay; 0 without TTL.
    public let validityTTLMinutes: Int
    /// Units.
    public let quantity: Int
    /// Limit price, in rupees.
    public let price: Double
    /// Trigger price, in rupees.
    public let triggerPrice: Double
    /// Units that the book shows.
    public let disclosedQuantity: Int
    /// The price when it was made.
    public let lastPrice: Double
    /// The kind of entry.
    public let variety: KiteVariety
    /// Marks.
    public let tags: [String]
    /// Number of legs.
    public let icebergLegs: Int
    /// Protection in percent.
    public let marketProtection: Double
    /// Exit prices to set once filled, or nil.
    public let trigger: KiteAlertTrigger?

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "alert order")
        transactionType = fields.word("transaction_type")
        product = fields.word("product")
        orderType = fields.word("order_type")
        validity = fields.word("validity")
        validityTTLMinutes = try fields.int("validity_ttl")
        quantity = try fields.int("quantity")
        price = try fields.double("price")
        triggerPrice = try fields.double("trigger_price")
        disclosedQuantity = try fields.int("disclosed_quantity")
        lastPrice = try fields.double("last_price")
        variety = fields.word("variety")
        tags = fields.texts("tags")
        icebergLegs = try fields.int("iceberg_legs")
        marketProtection = try fields.double("market_protection")
        trigger = try fields.part("gtt")
    }
}

/// Exit prices of an alert's order.
public struct KiteAlertTrigger: KiteDecodable, Hashable {
    /// Target; 0 for none.
    public let target: Double
    /// Stop; 0 for none.
    public let stopLoss: Double

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "alert trigger")
        target = try fields.double("target")
        stopLoss = try fields.double("stoploss")
    }
}

/// One firing of an alert.
public struct KiteAlertFiring: KiteDecodable, Hashable {
    /// The alert's id.
    public let uuid: String
    /// `simple` or `ato`.
    public let type: String
    /// The market when it fired.
    public let snapshots: [KiteAlertSnapshot]
    /// The condition as text.
    public let condition: String
    /// When it fired.
    public let createdAt: KiteTime?

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "alert firing")
        uuid = try fields.required("uuid")
        type = fields.text("type")
        snapshots = try fields.list("meta")
        condition = fields.text("condition")
        createdAt = fields.time("created_at")
    }
}

/// The market when an alert fired.
public struct KiteAlertSnapshot: KiteDecodable, Hashable {
    /// The ticker's number of the instrument.
    public let instrumentToken: UInt32
    /// Which instrument.
    public let tradingsymbol: String
    /// Where.
    public let exchange: KiteExchange
    /// When.
    public let timestamp: KiteTime?
    /// When it last traded; nil for indices.
    public let lastTradeTime: KiteTime?
    /// Last price, in rupees.
    public let lastPrice: Double
    /// Units of the last trade.
    public let lastQuantity: Int
    /// The day's prices.
    public let ohlc: KiteOHLC?
    /// last - close, in rupees.
    public let netChange: Double
    /// Units wanted.
    public let buyQuantity: Int
    /// Units offered.
    public let sellQuantity: Int
    /// Units traded today.
    public let volume: Int
    /// Average of the day, in rupees.
    public let averagePrice: Double
    /// Open interest, in units.
    public let openInterest: Int
    /// Lowest price allowed today.
    public let lowerCircuitLimit: Double
    /// Highest price allowed today.
    public let upperCircuitLimit: Double

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "alert snapshot")
        instrumentToken = try fields.token("instrument_token")
        tradingsymbol = fields.text("tradingsymbol")
        exchange = fields.word("exchange")
        timestamp = fields.time("timestamp")
        lastTradeTime = fields.time("last_trade_time")
        lastPrice = try fields.double("last_price")
        lastQuantity = try fields.int("last_quantity")
        ohlc = try fields.part("ohlc")
        netChange = try fields.double("net_change")
        buyQuantity = try fields.int("buy_quantity")
        sellQuantity = try fields.int("sell_quantity")
        volume = try fields.int("volume")
        averagePrice = try fields.double("average_price")
        openInterest = try fields.int("oi")
        lowerCircuitLimit = try fields.double("lower_circuit_limit")
        upperCircuitLimit = try fields.double("upper_circuit_limit")
    }
}
