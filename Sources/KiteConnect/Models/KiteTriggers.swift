import JSON

/// What Kite answers to placing, changing or deleting a trigger.
public struct KiteTriggerReceipt: KiteDecodable, Hashable {
    /// The trigger's number.
    public let triggerID: Int

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "trigger receipt")
        triggerID = try fields.requiredInt("trigger_id")
    }
}

/// An order that waits for a price, good till triggered.
public struct KiteTrigger: KiteDecodable, Hashable {
    /// The trigger's number.
    public let id: Int
    /// The user.
    public let userID: String
    /// The trigger it belongs to, or nil.
    public let parentTrigger: String?
    /// `single` or `two-leg`.
    public let type: String
    /// When it was made.
    public let createdAt: KiteTime?
    /// When it last changed.
    public let updatedAt: KiteTime?
    /// When it ends unless triggered.
    public let expiresAt: KiteTime?
    /// `active`, `triggered`, `disabled`, `expired`, `cancelled`, `rejected` or `deleted`.
    public let status: String
    /// What it waits for.
    public let condition: KiteTriggerCondition
    /// The orders; order i belongs to trigger value i.
    public let orders: [KiteTriggerOrder]
    /// Why it was rejected, or nil.
    public let rejectionReason: String?

    /// Reads the object; `id`, `status` and `condition` must be there.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "trigger")
        id = try fields.requiredInt("id")
        userID = fields.text("user_id")
        parentTrigger = fields.optionalText("parent_trigger")
        type = fields.text("type")
        createdAt = fields.time("created_at")
        updatedAt = fields.time("updated_at")
        expiresAt = fields.time("expires_at")
        status = try fields.required("status")
        condition = try fields.requiredPart("condition")
        orders = try fields.list("orders")
        rejectionReason = fields["meta"]?.object?["rejection_reason"]?.string
    }
}

/// The prices that a trigger waits for.
public struct KiteTriggerCondition: KiteDecodable, Hashable {
    /// Where.
    public let exchange: KiteExchange
    /// Which instrument.
    public let tradingsymbol: String
    /// The ticker's number of the instrument.
    public let instrumentToken: UInt32
    /// The price when the trigger was made, in rupees.
    public let lastPrice: Double
    /// One value, or the lower and the upper, in rupees.
    public let triggerValues: [Double]

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "trigger condition")
        exchange = fields.word("exchange")
        tradingsymbol = fields.text("tradingsymbol")
        instrumentToken = try fields.token("instrument_token")
        lastPrice = try fields.double("last_price")
        triggerValues = fields["trigger_values"]?.array?.compactMap { $0.number?.double } ?? []
    }
}

/// An order that a trigger will place.
public struct KiteTriggerOrder: KiteDecodable, Hashable {
    /// Where.
    public let exchange: KiteExchange
    /// Which instrument.
    public let tradingsymbol: String
    /// How it is carried.
    public let product: KiteProduct
    /// The price condition.
    public let orderType: KiteOrderType
    /// Buy or sell.
    public let transactionType: KiteTransactionType
    /// Units.
    public let quantity: Int
    /// Limit price, in rupees.
    public let price: Double
    /// Protection of a market order, or nil.
    public let marketProtection: Double?
    /// What happened; nil until the trigger fired.
    public let result: KiteTriggerResult?

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "trigger order")
        exchange = fields.word("exchange")
        tradingsymbol = fields.text("tradingsymbol")
        product = fields.word("product")
        orderType = fields.word("order_type")
        transactionType = fields.word("transaction_type")
        quantity = try fields.requiredInt("quantity")
        price = try fields.double("price")
        marketProtection = try fields.optionalDouble("market_protection")
        result = try fields.part("result")
    }
}

/// What became of a trigger's order.
public struct KiteTriggerResult: KiteDecodable, Hashable {
    /// The account.
    public let accountID: String
    /// Where.
    public let exchange: KiteExchange
    /// Which instrument.
    public let tradingsymbol: String
    /// How long it stays.
    public let validity: KiteValidity
    /// How it is carried.
    public let product: KiteProduct
    /// The price condition.
    public let orderType: KiteOrderType
    /// Buy or sell.
    public let transactionType: KiteTransactionType
    /// Units.
    public let quantity: Int
    /// Limit price, in rupees.
    public let price: Double
    /// JSON text of Kite's own.
    public let metaText: String
    /// When it fired.
    public let timestamp: KiteTime?
    /// The price that fired it, in rupees.
    public let triggeredAt: Double
    /// The placed order, or why there is none.
    public let orderResult: KiteTriggerOrderResult?

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "trigger result")
        accountID = fields.text("account_id")
        exchange = fields.word("exchange")
        tradingsymbol = fields.text("tradingsymbol")
        validity = fields.word("validity")
        product = fields.word("product")
        orderType = fields.word("order_type")
        transactionType = fields.word("transaction_type")
        quantity = try fields.int("quantity")
        price = try fields.double("price")
        metaText = fields.text("meta")
        timestamp = fields.time("timestamp")
        triggeredAt = try fields.double("triggered_at")
        orderResult = try fields.part("order_result")
    }
}

/// Whether a fired trigger's order was placed.
public struct KiteTriggerOrderResult: KiteDecodable, Hashable {
    /// `success` or `failed`.
    public let status: String
    /// The order, or nil.
    public let orderID: String?
    /// Why it was not placed, or nil.
    public let rejectionReason: String?

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "trigger order result")
        status = fields.text("status")
        orderID = fields.optionalText("order_id")
        rejectionReason = fields.optionalText("rejection_reason")
    }
}
