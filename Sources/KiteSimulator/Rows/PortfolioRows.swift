import JSON
import Trading

extension JSONWriter {
    /// Writes a position with its 29 fields. Source: Kite Connect, portfolio.
    mutating func positionRow(_ position: Position) {
        let last = position.lastPrice ?? .zero
        let close = position.closePrice ?? .zero
        let profit = position.profit ?? .zero
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
        value(position.quantity.units)
        key("overnight_quantity")
        value(position.overnightQuantity.units)
        key("multiplier")
        value(position.multiplier)
        key("average_price")
        value(position.averagePrice)
        key("close_price")
        value(close)
        key("last_price")
        value(last)
        key("value")
        value(position.value)
        key("pnl")
        value(profit)
        key("m2m")
        value(position.markToMarket ?? .zero)
        key("unrealised")
        value(profit)
        key("realised")
        value(0)
        positionSides(position, close: close)
        positionDay(position)
        endObject()
    }

    private mutating func positionSides(_ position: Position, close: Price) {
        let carried = position.overnightQuantity
        let carriedLong = close * max(carried, 0) * position.multiplier
        let carriedShort = close * max(-carried, 0) * position.multiplier
        key("buy_quantity")
        value(position.buyQuantity.units)
        key("buy_price")
        value(position.buyPrice)
        key("buy_value")
        value(position.buyValue)
        key("buy_m2m")
        value(carriedLong + position.dayBuyValue)
        key("sell_quantity")
        value(position.sellQuantity.units)
        key("sell_price")
        value(position.sellPrice)
        key("sell_value")
        value(position.sellValue)
        key("sell_m2m")
        value(carriedShort + position.daySellValue)
    }

    private mutating func positionDay(_ position: Position) {
        let multiplier = max(position.multiplier, 1)
        func price(_ value: Money, _ quantity: Quantity) -> Price {
            Money(tenThousandths: value.tenThousandths / multiplier).perUnit(quantity) ?? .zero
        }
        key("day_buy_quantity")
        value(position.dayBuyQuantity.units)
        key("day_buy_price")
        value(price(position.dayBuyValue, position.dayBuyQuantity))
        key("day_buy_value")
        value(position.dayBuyValue)
        key("day_sell_quantity")
        value(position.daySellQuantity.units)
        key("day_sell_price")
        value(price(position.daySellValue, position.daySellQuantity))
        key("day_sell_value")
        value(position.daySellValue)
    }
}
