import JSON

/// Funds and margins of the two wallets.
public struct KiteMargins: KiteDecodable, Hashable {
    /// Equity, equity derivatives and currency.
    public let equity: KiteSegmentMargin?
    /// Commodity.
    public let commodity: KiteSegmentMargin?

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "margins")
        equity = try fields.part("equity")
        commodity = try fields.part("commodity")
    }
}

/// Funds and margins of one wallet, in rupees.
public struct KiteSegmentMargin: KiteDecodable, Hashable {
    /// Whether the wallet may be used.
    public let isEnabled: Bool
    /// What is left to trade with.
    public let net: Double
    /// What there is.
    public let available: KiteAvailableFunds
    /// What is in use.
    public let utilised: KiteUtilisedFunds

    /// Reads the object; `net`, `available` and `utilised` must be there.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "segment margin")
        isEnabled = try fields.bool("enabled")
        net = try fields.requiredDouble("net")
        available = try fields.requiredPart("available")
        utilised = try fields.requiredPart("utilised")
    }
}

/// The funds of a wallet, in rupees.
public struct KiteAvailableFunds: KiteDecodable, Hashable {
    /// Extra margin granted by the broker.
    public let adhocMargin: Double
    /// Cash, today's pay-in included.
    public let cash: Double
    /// Cash at the start of the day.
    public let openingBalance: Double
    /// What is left to trade with.
    public let liveBalance: Double
    /// Value of pledged shares.
    public let collateral: Double
    /// Cash that came in today.
    public let intradayPayIn: Double

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "available funds")
        adhocMargin = try fields.double("adhoc_margin")
        cash = try fields.double("cash")
        openingBalance = try fields.double("opening_balance")
        liveBalance = try fields.double("live_balance")
        collateral = try fields.double("collateral")
        intradayPayIn = try fields.double("intraday_payin")
    }
}

/// The used part of a wallet, in rupees.
public struct KiteUtilisedFunds: KiteDecodable, Hashable {
    /// The total in use; not the sum of the parts below.
    public let debits: Double
    /// Exposure margin.
    public let exposure: Double
    /// Booked intraday result.
    public let realisedMarkToMarket: Double
    /// Open intraday result.
    public let unrealisedMarkToMarket: Double
    /// Premium paid less premium received.
    public let optionPremium: Double
    /// Withdrawals under way.
    public let payout: Double
    /// SPAN margin.
    public let span: Double
    /// Value of holdings sold today.
    public let holdingSales: Double
    /// Margin of delivery trades.
    public let turnover: Double
    /// Collateral from cash-like pledges.
    public let liquidCollateral: Double
    /// Collateral from pledged shares.
    public let stockCollateral: Double
    /// Part of delivery sales held back today.
    public let delivery: Double

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "utilised funds")
        debits = try fields.double("debits")
        exposure = try fields.double("exposure")
        realisedMarkToMarket = try fields.double("m2m_realised")
        unrealisedMarkToMarket = try fields.double("m2m_unrealised")
        optionPremium = try fields.double("option_premium")
        payout = try fields.double("payout")
        span = try fields.double("span")
        holdingSales = try fields.double("holding_sales")
        turnover = try fields.double("turnover")
        liquidCollateral = try fields.double("liquid_collateral")
        stockCollateral = try fields.double("stock_collateral")
        delivery = try fields.double("delivery")
    }
}
