import JSON

/// Shares in the demat account, or an auction that they may be sold in.
public struct KiteHolding: KiteDecodable, Hashable {
    /// What is held.
    public let tradingsymbol: String
    /// Where it trades.
    public let exchange: KiteExchange
    /// The ticker's number of the instrument.
    public let instrumentToken: UInt32
    /// The international number of the security.
    public let isin: String
    /// How it is carried.
    public let product: KiteProduct
    /// Kite gives 0 and no meaning.
    public let price: Double
    /// Settled units.
    public let quantity: Int
    /// Units sold today.
    public let usedQuantity: Int
    /// Units bought and not yet delivered.
    public let t1Quantity: Int
    /// Units delivered to the demat account.
    public let realisedQuantity: Int
    /// Units that may be debited today.
    public let authorisedQuantity: Int
    /// When they were authorised.
    public let authorisedDate: KiteTime?
    /// Units at the start of the day.
    public let openingQuantity: Int
    /// Units sold short.
    public let shortQuantity: Int
    /// Pledged units.
    public let collateralQuantity: Int
    /// The kind of pledge, or nil.
    public let collateralType: String?
    /// Whether the average price is in doubt.
    public let hasDiscrepancy: Bool
    /// Average price paid, in rupees.
    public let averagePrice: Double
    /// Last traded price, in rupees.
    public let lastPrice: Double
    /// Previous day's close, in rupees.
    public let closePrice: Double
    /// (last - average) x quantity, in rupees.
    public let pnl: Double
    /// last - close, in rupees.
    public let dayChange: Double
    /// last - close in percent of close.
    public let dayChangePercent: Double
    /// The margin-funded part, or nil.
    public let mtf: KiteMTFHolding?
    /// The auction that it may be sold in; only in auction lists.
    public let auctionNumber: String?

    /// Reads a row; symbol, exchange and `quantity` must be there.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "holding")
        tradingsymbol = try fields.required("tradingsymbol")
        exchange = try fields.requiredWord("exchange")
        instrumentToken = try fields.token("instrument_token")
        isin = fields.text("isin")
        product = fields.word("product")
        price = try fields.double("price")
        quantity = try fields.requiredInt("quantity")
        usedQuantity = try fields.int("used_quantity")
        t1Quantity = try fields.int("t1_quantity")
        realisedQuantity = try fields.int("realised_quantity")
        authorisedQuantity = try fields.int("authorised_quantity")
        authorisedDate = fields.time("authorised_date")
        openingQuantity = try fields.int("opening_quantity")
        shortQuantity = try fields.int("short_quantity")
        collateralQuantity = try fields.int("collateral_quantity")
        collateralType = fields.optionalText("collateral_type")
        hasDiscrepancy = try fields.bool("discrepancy")
        averagePrice = try fields.double("average_price")
        lastPrice = try fields.double("last_price")
        closePrice = try fields.double("close_price")
        pnl = try fields.double("pnl")
        dayChange = try fields.double("day_change")
        dayChangePercent = try fields.double("day_change_percentage")
        mtf = try fields.part("mtf")
        auctionNumber = fields.optionalText("auction_number")
    }
}

/// The margin-funded part of a holding.
public struct KiteMTFHolding: KiteDecodable, Hashable {
    /// Units.
    public let quantity: Int
    /// Units sold today.
    public let usedQuantity: Int
    /// Average price paid, in rupees.
    public let averagePrice: Double
    /// Cost in rupees.
    public let value: Double
    /// Margin paid in, in rupees.
    public let initialMargin: Double

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "mtf holding")
        quantity = try fields.int("quantity")
        usedQuantity = try fields.int("used_quantity")
        averagePrice = try fields.double("average_price")
        value = try fields.double("value")
        initialMargin = try fields.double("initial_margin")
    }
}

/// A holding in short form.
public struct KiteCompactHolding: KiteDecodable, Hashable {
    /// Where it trades.
    public let exchange: KiteExchange
    /// What is held.
    public let tradingsymbol: String
    /// The ticker's number of the instrument.
    public let instrumentToken: UInt32
    /// Units bought and not yet delivered.
    public let t1Quantity: Int
    /// Settled units.
    public let quantity: Int

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "compact holding")
        exchange = try fields.requiredWord("exchange")
        tradingsymbol = try fields.required("tradingsymbol")
        instrumentToken = try fields.token("instrument_token")
        t1Quantity = try fields.int("t1_quantity")
        quantity = try fields.requiredInt("quantity")
    }
}

/// Totals over the holdings.
public struct KiteHoldingsSummary: KiteDecodable, Hashable {
    /// Current value less invested amount, in rupees.
    public let totalPnL: Double
    /// The same in percent of the invested amount.
    public let totalPnLPercent: Double
    /// Change since yesterday, in rupees.
    public let todayPnL: Double
    /// The same in percent of yesterday's value.
    public let todayPnLPercent: Double
    /// What was paid, in rupees.
    public let investedAmount: Double
    /// What it is worth, in rupees.
    public let currentValue: Double

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "holdings summary")
        totalPnL = try fields.requiredDouble("total_pnl")
        totalPnLPercent = try fields.double("total_pnl_percent")
        todayPnL = try fields.double("today_pnl")
        todayPnLPercent = try fields.double("today_pnl_percent")
        investedAmount = try fields.double("invested_amount")
        currentValue = try fields.double("current_value")
    }
}

/// A request that the holder has to authorise at the depository.
public struct KiteHoldingsAuthorisation: KiteDecodable, Hashable {
    /// Names the request in the authorisation page's address.
    public let requestID: String

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "holdings authorisation")
        requestID = try fields.required("request_id")
    }
}
