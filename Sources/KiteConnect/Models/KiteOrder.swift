import JSON

/// A row of the order book, a state in an order's history, or the order in a message.
public struct KiteOrder: KiteDecodable, Hashable {
    /// The account that the order belongs to; empty in older rows.
    public let accountID: String
    /// The user who placed it.
    public let placedBy: String
    /// Kite's id; 19 digits, does not fit a double.
    public let orderID: String
    /// The exchange's id; nil until it is there.
    public let exchangeOrderID: String?
    /// The first leg of a cover order, or nil.
    public let parentOrderID: String?
    /// Where it stands.
    public let status: KiteOrderStatus
    /// A sentence for people, such as the reason of a rejection.
    public let statusMessage: String?
    /// The order system's own text.
    public let statusMessageRaw: String?
    /// When the API registered the order, or this state of it.
    public let orderTimestamp: KiteTime?
    /// When the exchange last changed it.
    public let exchangeUpdateTimestamp: KiteTime?
    /// When the exchange registered it.
    public let exchangeTimestamp: KiteTime?
    /// The kind of entry.
    public let variety: KiteVariety
    /// Whether it was changed; stays false in some rows that were.
    public let isModified: Bool
    /// Where it trades.
    public let exchange: KiteExchange
    /// What it trades.
    public let tradingsymbol: String
    /// The ticker's number of the instrument; 1 in the first row of a history.
    public let instrumentToken: UInt32
    /// The price condition.
    public let orderType: KiteOrderType
    /// Buy or sell.
    public let transactionType: KiteTransactionType
    /// How long it stays.
    public let validity: KiteValidity
    /// Minutes to stay; 0 without TTL.
    public let validityTTLMinutes: Int
    /// How it is carried.
    public let product: KiteProduct
    /// Ordered units; of one leg in an iceberg.
    public let quantity: Int
    /// Units that the book shows; 0 for all.
    public let disclosedQuantity: Int
    /// Limit price in rupees; 0 without one.
    public let price: Double
    /// Trigger price in rupees; 0 without one.
    public let triggerPrice: Double
    /// Average price of the fills in rupees; means something only with fills.
    public let averagePrice: Double
    /// Filled units.
    public let filledQuantity: Int
    /// Units still waiting; may equal the quantity in a cancelled row.
    public let pendingQuantity: Int
    /// Cancelled units; 0 in some cancelled rows.
    public let cancelledQuantity: Int
    /// Usually 0, whatever was asked for.
    public let marketProtection: Double
    /// The auction's number, or nil.
    public let auctionNumber: String?
    /// The leg of an iceberg order, or nil.
    public let iceberg: KiteIcebergLeg?
    /// The caller's mark, or nil.
    public let tag: String?
    /// All marks, Kite's own included (`autoslice:…`, `mktp:…`).
    public let tags: [String]

    /// Reads a row; `order_id`, `status`, `quantity` and `filled_quantity` must be there.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "order")
        accountID = fields.text("account_id")
        placedBy = fields.text("placed_by")
        orderID = try fields.required("order_id")
        exchangeOrderID = fields.optionalText("exchange_order_id")
        parentOrderID = fields.optionalText("parent_order_id")
        status = try fields.requiredWord("status")
        statusMessage = fields.optionalText("status_message")
        statusMessageRaw = fields.optionalText("status_message_raw")
        orderTimestamp = fields.time("order_timestamp")
        exchangeUpdateTimestamp = fields.time("exchange_update_timestamp")
        exchangeTimestamp = fields.time("exchange_timestamp")
        variety = fields.word("variety")
        isModified = try fields.bool("modified")
        exchange = try fields.requiredWord("exchange")
        tradingsymbol = try fields.required("tradingsymbol")
        instrumentToken = try fields.token("instrument_token")
        orderType = fields.word("order_type")
        transactionType = try fields.requiredWord("transaction_type")
        validity = fields.word("validity")
        validityTTLMinutes = try fields.int("validity_ttl")
        product = fields.word("product")
        quantity = try fields.requiredInt("quantity")
        disclosedQuantity = try fields.int("disclosed_quantity")
        price = try fields.double("price")
        triggerPrice = try fields.double("trigger_price")
        averagePrice = try fields.double("average_price")
        filledQuantity = try fields.requiredInt("filled_quantity")
        pendingQuantity = try fields.int("pending_quantity")
        cancelledQuantity = try fields.int("cancelled_quantity")
        marketProtection = try fields.double("market_protection")
        auctionNumber = fields.optionalText("auction_number")
        iceberg = try fields["meta"]?.object?["iceberg"].map { (leg) throws(KiteError) in try KiteIcebergLeg(json: leg)
        }
        tag = fields.optionalText("tag")
        tags = fields.texts("tags")
    }
}

/// Which part of an iceberg order a row is.
public struct KiteIcebergLeg: KiteDecodable, Hashable {
    /// This leg's number, from 1.
    public let leg: Int
    /// Number of legs.
    public let legs: Int
    /// Units of a leg.
    public let legQuantity: Int
    /// Units of the whole.
    public let totalQuantity: Int
    /// Units of the legs that have not been sent.
    public let remainingQuantity: Int

    /// Reads the object `meta.iceberg`.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "iceberg leg")
        leg = try fields.int("leg")
        legs = try fields.int("legs")
        legQuantity = try fields.int("leg_quantity")
        totalQuantity = try fields.int("total_quantity")
        remainingQuantity = try fields.int("remaining_quantity")
    }
}

/// One fill.
public struct KiteTrade: KiteDecodable, Hashable {
    /// The exchange's number of the fill.
    public let tradeID: String
    /// The order that was filled.
    public let orderID: String
    /// The exchange's id of the order.
    public let exchangeOrderID: String?
    /// Where it traded.
    public let exchange: KiteExchange
    /// What traded.
    public let tradingsymbol: String
    /// The ticker's number of the instrument.
    public let instrumentToken: UInt32
    /// How it is carried.
    public let product: KiteProduct
    /// Buy or sell.
    public let transactionType: KiteTransactionType
    /// The fill's price in rupees.
    public let averagePrice: Double
    /// Filled units.
    public let quantity: Int
    /// When it was filled.
    public let fillTimestamp: KiteTime?
    /// When the exchange registered it.
    public let exchangeTimestamp: KiteTime?
    /// When the order was registered: Kite sends the time only, the date is the fill's.
    public let orderTimestamp: KiteTime?

    /// Reads a row; ids, quantity and price must be there.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "trade")
        tradeID = try fields.required("trade_id")
        orderID = try fields.required("order_id")
        exchangeOrderID = fields.optionalText("exchange_order_id")
        exchange = try fields.requiredWord("exchange")
        tradingsymbol = try fields.required("tradingsymbol")
        instrumentToken = try fields.token("instrument_token")
        product = fields.word("product")
        transactionType = try fields.requiredWord("transaction_type")
        averagePrice = try fields.requiredDouble("average_price")
        quantity = try fields.requiredInt("quantity")
        fillTimestamp = fields.time("fill_timestamp")
        exchangeTimestamp = fields.time("exchange_timestamp")
        let date = (fillTimestamp ?? exchangeTimestamp)?.date
        orderTimestamp = fields.time("order_timestamp") ?? Self.time(fields.text("order_timestamp"), on: date)
    }

    private static func time(_ text: String, on date: KiteDate?) -> KiteTime? {
        var text = text
        guard let date, let clock = text.withUTF8({ KiteTime.secondsOfDay($0) }) else { return nil }
        return KiteTime(date: date, secondsOfDay: clock.seconds)
    }
}
