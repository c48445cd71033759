import JSON

/// An order for units of a mutual fund.
public struct KiteFundOrder: KiteDecodable, Hashable {
    /// The order's id.
    public let orderID: String
    /// The exchange's id, or nil.
    public let exchangeOrderID: String?
    /// The fund's ISIN.
    public let tradingsymbol: String
    /// Where it stands.
    public let status: KiteOrderStatus
    /// A sentence for people, or nil.
    public let statusMessage: String?
    /// The folio, or nil.
    public let folio: String?
    /// The fund's name.
    public let fund: String
    /// When it was registered.
    public let orderTimestamp: KiteTime?
    /// When the exchange registered it; a date.
    public let exchangeDate: KiteDate?
    /// The settlement, or nil.
    public let settlementID: String?
    /// Buy or sell.
    public let transactionType: KiteTransactionType
    /// Rupees to invest.
    public let amount: Double
    /// `regular`, `sip` or `amc_sip`.
    public let variety: String
    /// `FRESH`, `ADDITIONAL`; nil for sales.
    public let purchaseType: String?
    /// Units, a fraction.
    public let quantity: Double
    /// Price of the units, in rupees.
    public let averagePrice: Double
    /// Last net asset value, in rupees.
    public let lastPrice: Double
    /// Its date.
    public let lastPriceDate: KiteDate?
    /// Who placed it.
    public let placedBy: String
    /// The caller's mark, or nil.
    public let tag: String?

    /// Reads the object; `order_id` and `status` must be there.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "fund order")
        orderID = try fields.required("order_id")
        exchangeOrderID = fields.optionalText("exchange_order_id")
        tradingsymbol = fields.text("tradingsymbol")
        status = try fields.requiredWord("status")
        statusMessage = fields.optionalText("status_message")
        folio = fields.optionalText("folio")
        fund = fields.text("fund")
        orderTimestamp = fields.time("order_timestamp")
        exchangeDate = fields.date("exchange_timestamp")
        settlementID = fields.optionalText("settlement_id")
        transactionType = fields.word("transaction_type")
        amount = try fields.double("amount")
        variety = fields.text("variety")
        purchaseType = fields.optionalText("purchase_type")
        quantity = try fields.double("quantity")
        averagePrice = try fields.double("average_price")
        lastPrice = try fields.double("last_price")
        lastPriceDate = fields.date("last_price_date")
        placedBy = fields.text("placed_by")
        tag = fields.optionalText("tag")
    }
}

/// What Kite answers to placing or cancelling a fund order.
public struct KiteFundOrderReceipt: KiteDecodable, Hashable {
    /// The order's id.
    public let orderID: String

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "fund order receipt")
        orderID = try fields.required("order_id")
    }
}

/// A plan that buys units at intervals.
public struct KiteFundPlan: KiteDecodable, Hashable {
    /// The plan's id.
    public let sipID: String
    /// The registrar's number, or nil.
    public let registrationNumber: String?
    /// The fund's ISIN.
    public let tradingsymbol: String
    /// The fund's name.
    public let fund: String
    /// `growth`, `payout` or `idcw`.
    public let dividendType: String
    /// Buy.
    public let transactionType: KiteTransactionType
    /// `ACTIVE`, `PAUSED` or `CANCELLED`.
    public let status: String
    /// When it was made.
    public let created: KiteTime?
    /// `monthly`, `weekly` or `quarterly`.
    public let frequency: String
    /// Rupees an instalment.
    public let instalmentAmount: Double
    /// Number of instalments; -1 or 9999 until cancelled.
    public let instalments: Int
    /// Instalments to come.
    public let pendingInstalments: Int
    /// Instalments done.
    public let completedInstalments: Int
    /// When the last one was.
    public let lastInstalment: KiteTime?
    /// When the next one is.
    public let nextInstalment: KiteDate?
    /// Day of the month; 0 unless monthly.
    public let instalmentDay: Int
    /// Percent more, by day and month `dd-mm`.
    public let stepUp: [String: Double]
    /// Trigger, in rupees; 0 for none.
    public let triggerPrice: Double
    /// `sip` or `amc_sip`.
    public let planType: String
    /// Where the money comes from, or nil.
    public let fundSource: String?
    /// The caller's mark, or nil.
    public let tag: String?

    /// Reads the object; `sip_id` must be there.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "fund plan")
        sipID = try fields.required("sip_id")
        registrationNumber = fields.optionalText("sip_reg_num")
        tradingsymbol = fields.text("tradingsymbol")
        fund = fields.text("fund")
        dividendType = fields.text("dividend_type")
        transactionType = fields.word("transaction_type")
        status = fields.text("status")
        created = fields.time("created")
        frequency = fields.text("frequency")
        instalmentAmount = try fields.double("instalment_amount")
        instalments = try fields.int("instalments")
        pendingInstalments = try fields.int("pending_instalments")
        completedInstalments = try fields.int("completed_instalments")
        lastInstalment = fields.time("last_instalment")
        nextInstalment = fields.date("next_instalment")
        instalmentDay = try fields.int("instalment_day")
        stepUp = Self.stepUp(fields["step_up"])
        triggerPrice = try fields.double("trigger_price")
        planType = fields.text("sip_type")
        fundSource = fields.optionalText("fund_source")
        tag = fields.optionalText("tag")
    }

    private static func stepUp(_ json: JSONValue?) -> [String: Double] {
        var steps: [String: Double] = [:]
        for member in json?.object?.members ?? [] { steps[member.name] = member.value.number?.double }
        return steps
    }
}

/// What Kite answers to placing, changing or cancelling a plan.
public struct KiteFundPlanReceipt: KiteDecodable, Hashable {
    /// The plan's id.
    public let sipID: String

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "fund plan receipt")
        sipID = try fields.required("sip_id")
    }
}

/// Units of a mutual fund.
public struct KiteFundHolding: KiteDecodable, Hashable {
    /// The folio, or nil.
    public let folio: String?
    /// The fund's name.
    public let fund: String
    /// The fund's ISIN.
    public let tradingsymbol: String
    /// Average price paid, in rupees.
    public let averagePrice: Double
    /// Last net asset value, in rupees.
    public let lastPrice: Double
    /// Its date.
    public let lastPriceDate: KiteDate?
    /// Pledged units.
    public let pledgedQuantity: Double
    /// Result in rupees; 0 in some answers.
    public let pnl: Double
    /// Units, a fraction.
    public let quantity: Double

    /// Reads the object; `tradingsymbol` and `quantity` must be there.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "fund holding")
        folio = fields.optionalText("folio")
        fund = fields.text("fund")
        tradingsymbol = try fields.required("tradingsymbol")
        averagePrice = try fields.double("average_price")
        lastPrice = try fields.double("last_price")
        lastPriceDate = fields.date("last_price_date")
        pledgedQuantity = try fields.double("pledged_quantity")
        pnl = try fields.double("pnl")
        quantity = try fields.requiredDouble("quantity")
    }
}

/// One purchase or sale behind a fund holding; undocumented by Kite.
public struct KiteFundTrade: KiteDecodable, Hashable {
    /// The fund's name.
    public let fund: String
    /// The fund's ISIN.
    public let tradingsymbol: String
    /// Price of the units, in rupees.
    public let averagePrice: Double
    /// `regular`, `sip` or `amc_sip`.
    public let variety: String
    /// When the exchange registered it.
    public let exchangeTimestamp: KiteTime?
    /// Rupees paid or received.
    public let amount: Double
    /// The folio, or nil.
    public let folio: String?
    /// Units, a fraction.
    public let quantity: Double

    /// Reads the object; `quantity` must be there.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "fund trade")
        fund = fields.text("fund")
        tradingsymbol = fields.text("tradingsymbol")
        averagePrice = try fields.double("average_price")
        variety = fields.text("variety")
        exchangeTimestamp = fields.time("exchange_timestamp")
        amount = try fields.double("amount")
        folio = fields.optionalText("folio")
        quantity = try fields.requiredDouble("quantity")
    }
}
