import JSON

/// The two views of the positions.
public struct KitePositions: KiteDecodable, Hashable {
    /// Carried quantity and today's activity together.
    public let net: [KitePosition]
    /// Today's activity only.
    public let day: [KitePosition]

    /// Reads the object; both lists must be there.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "positions")
        net = try fields.requiredList("net")
        day = try fields.requiredList("day")
    }
}

/// A position in one instrument and product.
public struct KitePosition: KiteDecodable, Hashable {
    /// What is held.
    public let tradingsymbol: String
    /// Where it trades.
    public let exchange: KiteExchange
    /// The ticker's number of the instrument.
    public let instrumentToken: UInt32
    /// How it is carried.
    public let product: KiteProduct
    /// Signed units: overnight + day buys - day sells.
    public let quantity: Int
    /// Signed units carried from earlier days; 0 in day rows.
    public let overnightQuantity: Int
    /// Rupees that one point of price is worth for one unit; 0 in no row.
    public let multiplier: Double
    /// Average price of the open side, in rupees; 0 when flat.
    public let averagePrice: Double
    /// Previous day's close, in rupees.
    public let closePrice: Double
    /// Last traded price, in rupees.
    public let lastPrice: Double
    /// Sell value - buy value, in rupees.
    public let value: Double
    /// value + quantity x last x multiplier, in rupees.
    public let pnl: Double
    /// The day's result, in rupees.
    public let markToMarket: Double
    /// Equal to `pnl` in Kite's answers.
    public let unrealised: Double
    /// 0 in Kite's answers.
    public let realised: Double
    /// Units bought, carried ones included.
    public let buyQuantity: Int
    /// Their average price, in rupees.
    public let buyPrice: Double
    /// Their value, in rupees.
    public let buyValue: Double
    /// Their value with carried units at the close, in rupees.
    public let buyMarkToMarket: Double
    /// Units sold, carried ones included.
    public let sellQuantity: Int
    /// Their average price, in rupees.
    public let sellPrice: Double
    /// Their value, in rupees.
    public let sellValue: Double
    /// Their value with carried units at the close, in rupees.
    public let sellMarkToMarket: Double
    /// Units bought today.
    public let dayBuyQuantity: Int
    /// Their average price, in rupees.
    public let dayBuyPrice: Double
    /// Their value, in rupees.
    public let dayBuyValue: Double
    /// Units sold today.
    public let daySellQuantity: Int
    /// Their average price, in rupees.
    public let daySellPrice: Double
    /// Their value, in rupees.
    public let daySellValue: Double

    /// Reads a row; symbol, exchange, product and `quantity` must be there.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "position")
        tradingsymbol = try fields.required("tradingsymbol")
        exchange = try fields.requiredWord("exchange")
        instrumentToken = try fields.token("instrument_token")
        product = try fields.requiredWord("product")
        quantity = try fields.requiredInt("quantity")
        overnightQuantity = try fields.int("overnight_quantity")
        multiplier = try fields.double("multiplier")
        averagePrice = try fields.double("average_price")
        closePrice = try fields.double("close_price")
        lastPrice = try fields.double("last_price")
        value = try fields.double("value")
        pnl = try fields.double("pnl")
        markToMarket = try fields.double("m2m")
        unrealised = try fields.double("unrealised")
        realised = try fields.double("realised")
        buyQuantity = try fields.int("buy_quantity")
        buyPrice = try fields.double("buy_price")
        buyValue = try fields.double("buy_value")
        buyMarkToMarket = try fields.double("buy_m2m")
        sellQuantity = try fields.int("sell_quantity")
        sellPrice = try fields.double("sell_price")
        sellValue = try fields.double("sell_value")
        sellMarkToMarket = try fields.double("sell_m2m")
        dayBuyQuantity = try fields.int("day_buy_quantity")
        dayBuyPrice = try fields.double("day_buy_price")
        dayBuyValue = try fields.double("day_buy_value")
        daySellQuantity = try fields.int("day_sell_quantity")
        daySellPrice = try fields.double("day_sell_price")
        daySellValue = try fields.double("day_sell_value")
    }
}
