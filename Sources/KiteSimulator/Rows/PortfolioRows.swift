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

    /// Writes shares in the demat account; `date` is the day they are authorised for. Source: Kite Connect, portfolio.
    mutating func holdingRow(_ holding: Holding, date: CalendarDate) {
        let last = holding.lastPrice ?? .zero
        let close = holding.closePrice ?? .zero
        beginObject()
        key("tradingsymbol")
        value(holding.instrument.symbol)
        key("exchange")
        value(holding.instrument.exchange.rawValue)
        key("instrument_token")
        value(holding.token.rawValue)
        key("isin")
        value(holding.isin ?? "")
        key("product")
        value(holding.product.rawValue)
        key("price")
        value(0)
        holdingQuantities(holding, date: date)
        key("average_price")
        value(holding.averagePrice)
        key("last_price")
        value(last)
        key("close_price")
        value(close)
        key("pnl")
        value(holding.profit ?? .zero)
        key("day_change")
        value(last - close)
        key("day_change_percentage")
        value(close == .zero ? 0 : (last - close).double / close.double * 100)
        key("mtf")
        marginFunding()
        endObject()
    }

    private mutating func holdingQuantities(_ holding: Holding, date: CalendarDate) {
        key("quantity")
        value(holding.quantity.units)
        key("used_quantity")
        value(0)
        key("t1_quantity")
        value(holding.unsettledQuantity.units)
        key("realised_quantity")
        value(holding.quantity.units)
        key("authorised_quantity")
        value(0)
        key("authorised_date")
        value("\(date) 00:00:00")
        key("authorisation")
        beginObject()
        endObject()
        key("opening_quantity")
        value(holding.totalQuantity.units)
        key("short_quantity")
        value(0)
        key("collateral_quantity")
        value(holding.collateralQuantity.units)
        key("collateral_type")
        value(optional: holding.collateralType)
        key("discrepancy")
        value(false)
    }

    private mutating func marginFunding() {
        beginObject()
        key("quantity")
        value(0)
        key("used_quantity")
        value(0)
        key("average_price")
        value(0)
        key("value")
        value(0)
        key("initial_margin")
        value(0)
        endObject()
    }
}
