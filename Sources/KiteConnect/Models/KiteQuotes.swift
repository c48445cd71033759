import JSON

/// A full snapshot of an instrument; index rows lack most fields.
public struct KiteQuote: KiteDecodable, Hashable {
    /// The ticker's number of the instrument.
    public let instrumentToken: UInt32
    /// The exchange's time of the snapshot.
    public let timestamp: KiteTime?
    /// When it last traded.
    public let lastTradeTime: KiteTime?
    /// Last traded price, in rupees.
    public let lastPrice: Double
    /// Units of the last trade.
    public let lastQuantity: Int
    /// Units wanted, all levels.
    public let buyQuantity: Int
    /// Units offered, all levels.
    public let sellQuantity: Int
    /// Units traded today.
    public let volume: Int
    /// Volume-weighted average of the day, in rupees.
    public let averagePrice: Double
    /// Open interest, in units.
    public let openInterest: Int
    /// Its highest today.
    public let openInterestDayHigh: Int
    /// Its lowest today.
    public let openInterestDayLow: Int
    /// last - close; 0 in some answers all the same.
    public let netChange: Double
    /// Lowest price allowed today; 0 when there is none.
    public let lowerCircuitLimit: Double
    /// Highest price allowed today; 0 when there is none.
    public let upperCircuitLimit: Double
    /// The day's prices.
    public let ohlc: KiteOHLC
    /// Five levels a side; nil in index rows.
    public let depth: KiteDepth?

    /// Reads the object; `last_price` and `ohlc` must be there.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "quote")
        instrumentToken = try fields.token("instrument_token")
        timestamp = fields.time("timestamp")
        lastTradeTime = fields.time("last_trade_time")
        lastPrice = try fields.requiredDouble("last_price")
        lastQuantity = try fields.int("last_quantity")
        buyQuantity = try fields.int("buy_quantity")
        sellQuantity = try fields.int("sell_quantity")
        volume = try fields.int("volume")
        averagePrice = try fields.double("average_price")
        openInterest = try fields.int("oi")
        openInterestDayHigh = try fields.int("oi_day_high")
        openInterestDayLow = try fields.int("oi_day_low")
        netChange = try fields.double("net_change")
        lowerCircuitLimit = try fields.double("lower_circuit_limit")
        upperCircuitLimit = try fields.double("upper_circuit_limit")
        ohlc = try fields.requiredPart("ohlc")
        depth = try fields.part("depth")
    }
}

/// The day's prices, in rupees.
public struct KiteOHLC: KiteDecodable, Hashable {
    /// First price.
    public let open: Double
    /// Highest price.
    public let high: Double
    /// Lowest price.
    public let low: Double
    /// Previous day's close.
    public let close: Double

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "ohlc")
        open = try fields.double("open")
        high = try fields.double("high")
        low = try fields.double("low")
        close = try fields.double("close")
    }
}

/// The order book's best levels; missing ones are zeros.
public struct KiteDepth: KiteDecodable, Hashable {
    /// Bids, best first.
    public let buy: [KiteDepthLevel]
    /// Offers, best first.
    public let sell: [KiteDepthLevel]

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "depth")
        buy = try fields.list("buy")
        sell = try fields.list("sell")
    }
}

/// One level of the order book.
public struct KiteDepthLevel: KiteDecodable, Hashable {
    /// Rupees; 0 when there is no such level.
    public let price: Double
    /// Units.
    public let quantity: Int
    /// Orders.
    public let orders: Int

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "depth level")
        price = try fields.double("price")
        quantity = try fields.int("quantity")
        orders = try fields.int("orders")
    }
}

/// Last price and the day's prices.
public struct KiteOHLCQuote: KiteDecodable, Hashable {
    /// The ticker's number of the instrument.
    public let instrumentToken: UInt32
    /// Last traded price, in rupees.
    public let lastPrice: Double
    /// The day's prices.
    public let ohlc: KiteOHLC

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "ohlc quote")
        instrumentToken = try fields.token("instrument_token")
        lastPrice = try fields.requiredDouble("last_price")
        ohlc = try fields.requiredPart("ohlc")
    }
}

/// Last price.
public struct KiteLastPrice: KiteDecodable, Hashable {
    /// The ticker's number of the instrument.
    public let instrumentToken: UInt32
    /// Last traded price, in rupees.
    public let lastPrice: Double

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "last price")
        instrumentToken = try fields.token("instrument_token")
        lastPrice = try fields.requiredDouble("last_price")
    }
}

/// The trigger prices that a cover order may have.
public struct KiteTriggerRange: KiteDecodable, Hashable {
    /// The ticker's number; 0 in samples.
    public let instrumentToken: UInt32
    /// Lowest, in rupees.
    public let lower: Double
    /// Highest, in rupees.
    public let upper: Double

    /// Reads the object.
    public init(json: JSONValue) throws(KiteError) {
        let fields = try Fields(json, "trigger range")
        instrumentToken = try fields.token("instrument_token")
        lower = try fields.double("lower")
        upper = try fields.double("upper")
    }
}
