import JSON

/// One historical candle.
public struct KiteCandle: KiteDecodable, Hashable {
    /// When it opens.
    public let time: KiteTime
    /// First price, in rupees.
    public let open: Double
    /// Highest price, in rupees.
    public let high: Double
    /// Lowest price, in rupees.
    public let low: Double
    /// Last price, in rupees.
    public let close: Double
    /// Units traded.
    public let volume: Int
    /// Open interest in units; nil unless asked for.
    public let openInterest: Int?

    /// Reads a row: an array of time, four prices, volume and, when asked for, open interest.
    public init(json: JSONValue) throws(KiteError) {
        guard let cells = json.array, cells.count >= 6, let time = cells[0].string.flatMap({ KiteTime($0) }) else {
            throw .unreadable("candle: six cells beginning with a time were expected")
        }
        self.time = time
        open = try Self.price(cells[1])
        high = try Self.price(cells[2])
        low = try Self.price(cells[3])
        close = try Self.price(cells[4])
        volume = try Self.count(cells[5])
        openInterest = cells.count > 6 ? try Self.count(cells[6]) : nil
    }

    private static func price(_ json: JSONValue) throws(KiteError) -> Double {
        guard let price = json.number?.double else { throw .unreadable("candle: a price is not a number") }
        return price
    }

    private static func count(_ json: JSONValue) throws(KiteError) -> Int {
        guard let count = json.number.flatMap({ DecimalText.whole($0.text) }) else {
            throw .unreadable("candle: a count is not a whole number")
        }
        return count
    }
}

/// The candles of one answer, oldest first.
public struct KiteCandles: KiteDecodable, Hashable {
    /// The rows.
    public let rows: [KiteCandle]

    /// Reads the object with `candles`.
    public init(json: JSONValue) throws(KiteError) {
        rows = try Fields(json, "candles").requiredList("candles")
    }
}
