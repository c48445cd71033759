import Gateway
import JSON
import Trading

extension JSONWriter {
    /// The whole answer of GET holdings.
    mutating func holdings(_ reading: Reading<[Holding]>, of account: String) {
        let rows = reading.value
        beginObject()
        key("status")
        value("success")
        key("account_id")
        value(account)
        key("count")
        value(rows.count)
        key("total_pnl")
        money(Self.total(rows, \.profit))
        key("total_value")
        money(Self.total(rows, \.value))
        key("as_of")
        preciseTime(reading.time)
        key("holdings")
        beginArray()
        for row in rows { holding(row) }
        endArray()
        endObject()
    }

    private mutating func holding(_ holding: Holding) {
        beginObject()
        key("tradingsymbol")
        value(holding.instrument.symbol)
        key("exchange")
        value(holding.instrument.exchange.rawValue)
        key("instrument_token")
        value(holding.token.rawValue)
        key("isin")
        text(holding.isin)
        key("quantity")
        quantity(holding.quantity)
        key("t1_quantity")
        quantity(holding.unsettledQuantity)
        key("average_price")
        price(holding.averagePrice)
        key("last_price")
        price(holding.lastPrice)
        key("pnl")
        money(holding.profit)
        key("product")
        value(holding.product.rawValue)
        key("collateral_quantity")
        quantity(holding.collateralQuantity)
        key("collateral_type")
        value(holding.collateralType ?? "")
        endObject()
    }

    private static func total(_ rows: [Holding], _ part: (Holding) -> Money?) -> Money? {
        var sum = Money.zero
        for row in rows {
            guard let amount = part(row) else { return nil }
            sum += amount
        }
        return sum
    }
}
