/// One line of Kite's list of mutual funds.
public struct FundInstrumentRow: Sendable, Hashable {
    /// The fund's ISIN.
    public var tradingsymbol: String
    /// The asset manager's code.
    public var amc: String
    /// The fund's name.
    public var name: String
    /// Whether units can be bought.
    public var isPurchaseAllowed: Bool
    /// Whether units can be sold.
    public var isRedemptionAllowed: Bool
    /// Least rupees of a first purchase.
    public var minimumPurchaseAmount: Double
    /// Step of a purchase, in rupees.
    public var purchaseAmountMultiplier: Double
    /// Least rupees of a further purchase.
    public var minimumAdditionalPurchaseAmount: Double
    /// Least units of a sale.
    public var minimumRedemptionQuantity: Double
    /// Step of a sale, in units.
    public var redemptionQuantityMultiplier: Double
    /// `growth`, `payout` or `idcw`.
    public var dividendType: String
    /// `equity`, `debt` and the like.
    public var schemeType: String
    /// `regular` or `direct`.
    public var plan: String
    /// Days to settlement, such as `T3`.
    public var settlementType: String
    /// Last net asset value, in rupees.
    public var lastPrice: Double
    /// Its date, or nil.
    public var lastPriceDate: KiteDate?

    /// Reads a whole file; throws `.invalidResponse` naming the line that cannot be read.
    public static func parse(_ bytes: [UInt8]) throws(KiteError) -> [FundInstrumentRow] {
        var rows: [FundInstrumentRow] = []
        var columns: [Int]?
        var reader = CSVReader()
        let take: (CSVRecord) throws(KiteError) -> Void = { (record) throws(KiteError) in
            if let columns {
                rows.append(try FundInstrumentRow(record, columns))
            } else {
                columns = try columnPlaces(CSVHeader(record))
            }
        }
        let result: Result<Void, KiteError> = bytes.withUnsafeBufferPointer { buffer in
            do throws(KiteError) {
                return .success(try reader.read(buffer, take))
            } catch {
                return .failure(error)
            }
        }
        try result.get()
        try reader.finish(take)
        return rows
    }

    private static func columnPlaces(_ header: CSVHeader) throws(KiteError) -> [Int] {
        let names = [
            "tradingsymbol", "amc", "name", "purchase_allowed", "redemption_allowed", "minimum_purchase_amount",
            "purchase_amount_multiplier", "minimum_additional_purchase_amount", "minimum_redemption_quantity",
            "redemption_quantity_multiplier", "dividend_type", "scheme_type", "plan", "settlement_type", "last_price",
            "last_price_date",
        ]
        var places: [Int] = []
        for name in names { places.append(try header.column(name)) }
        return places
    }

    private init(_ record: CSVRecord, _ columns: [Int]) throws(KiteError) {
        tradingsymbol = record.text(columns[0])
        amc = record.text(columns[1])
        name = record.text(columns[2])
        isPurchaseAllowed = try record.integer(columns[3]) != 0
        isRedemptionAllowed = try record.integer(columns[4]) != 0
        minimumPurchaseAmount = try record.number(columns[5])
        purchaseAmountMultiplier = try record.number(columns[6])
        minimumAdditionalPurchaseAmount = try record.number(columns[7])
        minimumRedemptionQuantity = try record.number(columns[8])
        redemptionQuantityMultiplier = try record.number(columns[9])
        dividendType = record.text(columns[10])
        schemeType = record.text(columns[11])
        plan = record.text(columns[12])
        settlementType = record.text(columns[13])
        lastPrice = try record.number(columns[14])
        lastPriceDate = KiteDate(record.text(columns[15]))
    }
}
