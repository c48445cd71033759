import Brokers
import Gateway
import JSON
import Trading

extension JSONWriter {
    /// One position's object.
    mutating func position(_ position: Position) {
        let quantity = position.quantity
        let ofToday = position.markToMarket
        beginObject()
        key("tradingsymbol")
        value(position.instrument.symbol)
        key("exchange")
        value(position.instrument.exchange.rawValue)
        key("instrument_token")
        value(position.token.rawValue)
        key("product")
        value(position.product.rawValue)
        key("quantity")
        self.quantity(quantity)
        key("average_price")
        price(position.averagePrice)
        key("last_price")
        price(position.lastPrice)
        key("pnl")
        money(position.profit)
        key("m2m")
        money(ofToday)
        key("day_pnl")
        money(ofToday)
        key("value")
        money(position.marketValue)
        key("buy_quantity")
        self.quantity(position.buyQuantity)
        key("buy_price")
        price(position.buyPrice)
        key("sell_quantity")
        self.quantity(position.sellQuantity)
        key("sell_price")
        price(position.sellPrice)
        key("overnight_quantity")
        self.quantity(position.overnightQuantity)
        endObject()
    }

    /// The whole answer of GET positions.
    mutating func positions(_ reading: Reading<PositionBook>, of account: String) {
        let rows = reading.value.net
        let totals = ProfitTotals(rows)
        beginObject()
        key("status")
        value("success")
        key("account_id")
        value(account)
        key("count")
        value(rows.count)
        key("total_pnl")
        money(totals.total)
        key("day_pnl")
        money(totals.day)
        key("as_of")
        preciseTime(reading.time)
        key("positions")
        beginArray()
        for row in rows { position(row) }
        endArray()
        endObject()
    }
}

extension Position {
    /// What the open units are worth at the last price, negative when short; nil where that is unknown.
    var marketValue: Money? {
        guard quantity != 0 else { return .zero }
        return lastPrice.map { $0 * quantity * multiplier }
    }
}
