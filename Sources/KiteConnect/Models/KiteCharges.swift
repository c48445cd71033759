import JSON

/// What an order or a basket needs, in rupees; the compact form has only identity and total.
public struct KiteOrderMargin: KiteDecodable, Hashable {
    /// The wallet; empty for baskets.
    public let segment: KiteMarginSegment
    /// What it trades; empty for baskets.
    public let tradingsymbol: String
    /// Where; empty for baskets.
    public let exchange: KiteExchange
    /// SPAN margin.
    public let span: Double
    /// Exposure margin.
    public let exposure: Double
    /// Premium to pay; negative to receive.
    public let optionPremium: Double
    /// Additional margin.
    public let additional: Double
    /// Bracket-order margin.
    public let bracketOrder: Double
    /// Cash credit.
    public let cash: Double
    /// Value-at-risk margin.
    public let valueAtRisk: Double
    /// Booked and open result; nil in the compact form.
    public let pnl: KiteMarginResult?
    /// Leverage; 0 for baskets.
    public let leverage: Double
    /// What the order costs; all zero for baskets, nil in the compact form.
    public let charges: KiteCharges?
    /// All margin together.
    public let total: Double

    /// Reads the object; `total` must be there.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "order margin")
        segment = fields.word("type")
        tradingsymbol = fields.text("tradingsymbol")
        exchange = fields.word("exchange")
        span = try fields.double("span")
        exposure = try fields.double("exposure")
        optionPremium = try fields.double("option_premium")
        additional = try fields.double("additional")
        bracketOrder = try fields.double("bo")
        cash = try fields.double("cash")
        valueAtRisk = try fields.double("var")
        pnl = try fields.part("pnl")
        leverage = try fields.double("leverage")
        charges = try fields.part("charges")
        total = try fields.requiredDouble("total")
    }
}

/// The result that a margin takes into account, in rupees.
public struct KiteMarginResult: KiteDecodable, Hashable {
    /// Booked.
    public let realised: Double
    /// Open.
    public let unrealised: Double

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "margin result")
        realised = try fields.double("realised")
        unrealised = try fields.double("unrealised")
    }
}

/// What a basket of orders needs.
public struct KiteBasketMargin: KiteDecodable, Hashable {
    /// The sum without spread benefit.
    public let initial: KiteOrderMargin
    /// The total with spread benefit.
    public let final: KiteOrderMargin
    /// Each order alone.
    public let orders: [KiteOrderMargin]

    /// Reads the object; the outer `charges` is officially to be ignored.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "basket margin")
        initial = try fields.requiredPart("initial")
        final = try fields.requiredPart("final")
        orders = try fields.list("orders")
    }
}

/// What one order costs.
public struct KiteContractNote: KiteDecodable, Hashable {
    /// Buy or sell.
    public let transactionType: KiteTransactionType
    /// What it trades.
    public let tradingsymbol: String
    /// Where.
    public let exchange: KiteExchange
    /// The kind of entry.
    public let variety: KiteVariety
    /// How it is carried.
    public let product: KiteProduct
    /// The price condition.
    public let orderType: KiteOrderType
    /// Units.
    public let quantity: Int
    /// Average price, in rupees.
    public let price: Double
    /// What it costs.
    public let charges: KiteCharges

    /// Reads the object; match it to its order by position.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "contract note")
        transactionType = fields.word("transaction_type")
        tradingsymbol = fields.text("tradingsymbol")
        exchange = fields.word("exchange")
        variety = fields.word("variety")
        product = fields.word("product")
        orderType = fields.word("order_type")
        quantity = try fields.requiredInt("quantity")
        price = try fields.double("price")
        charges = try fields.requiredPart("charges")
    }
}

/// Taxes and fees, in rupees.
public struct KiteCharges: KiteDecodable, Hashable {
    /// Securities or commodities transaction tax.
    public let transactionTax: Double
    /// `stt`, `ctt` or empty.
    public let transactionTaxType: String
    /// The exchange's fee.
    public let exchangeTurnoverCharge: Double
    /// The regulator's fee.
    public let sebiTurnoverCharge: Double
    /// The broker's fee.
    public let brokerage: Double
    /// Stamp duty.
    public let stampDuty: Double
    /// Goods and services tax.
    public let gst: KiteGST?
    /// The sum of all parts.
    public let total: Double

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "charges")
        transactionTax = try fields.double("transaction_tax")
        transactionTaxType = fields.text("transaction_tax_type")
        exchangeTurnoverCharge = try fields.double("exchange_turnover_charge")
        sebiTurnoverCharge = try fields.double("sebi_turnover_charge")
        brokerage = try fields.double("brokerage")
        stampDuty = try fields.double("stamp_duty")
        gst = try fields.part("gst")
        total = try fields.double("total")
    }
}

/// Goods and services tax, in rupees.
public struct KiteGST: KiteDecodable, Hashable {
    /// Between states.
    public let igst: Double
    /// Central part.
    public let cgst: Double
    /// State part.
    public let sgst: Double
    /// Together.
    public let total: Double

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "gst")
        igst = try fields.double("igst")
        cgst = try fields.double("cgst")
        sgst = try fields.double("sgst")
        total = try fields.double("total")
    }
}
