import JSON
import PaperExchange
import Trading

/// How much of an instrument's market an answer tells.
enum QuoteDetail: Hashable {
    case lastPrice
    case dayRange
    case everything

    /// Instruments one call may ask for. Source: Kite Connect, market quotes.
    var limit: Int { self == .everything ? 500 : 1_000 }
}

extension JSONWriter {
    /// Writes a quote. Source: Kite Connect, market quotes.
    mutating func quoteRow(_ quote: Quote, detail: QuoteDetail) {
        beginObject()
        key("instrument_token")
        value(quote.token.rawValue)
        if detail == .everything { quoteTimes(quote) }
        key("last_price")
        value(quote.lastPrice)
        if detail == .everything { quoteTurnover(quote) }
        if detail != .lastPrice { quoteRange(quote) }
        if detail == .everything {
            key("depth")
            beginObject()
            key("buy")
            depth(quote.bids)
            key("sell")
            depth(quote.asks)
            endObject()
        }
        endObject()
    }

    private mutating func quoteTimes(_ quote: Quote) {
        key("timestamp")
        value(quote.exchangeTime.indianText)
        key("last_trade_time")
        value(optional: quote.lastTradeTime?.indianText)
    }

    private mutating func quoteTurnover(_ quote: Quote) {
        key("last_quantity")
        value(quote.lastQuantity.units)
        key("buy_quantity")
        value(quote.buyQuantity.units)
        key("sell_quantity")
        value(quote.sellQuantity.units)
        key("volume")
        value(quote.volume.units)
        key("average_price")
        value(quote.averagePrice)
        key("oi")
        value(quote.openInterest.units)
        key("oi_day_high")
        value(quote.openInterestHigh.units)
        key("oi_day_low")
        value(quote.openInterestLow.units)
        key("net_change")
        value(quote.change)
        key("lower_circuit_limit")
        value(quote.lowerCircuit)
        key("upper_circuit_limit")
        value(quote.upperCircuit)
    }

    private mutating func quoteRange(_ quote: Quote) {
        key("ohlc")
        beginObject()
        key("open")
        value(quote.open)
        key("high")
        value(quote.high)
        key("low")
        value(quote.low)
        key("close")
        value(quote.close)
        endObject()
    }

    /// Always five levels; what is missing is zeros.
    private mutating func depth(_ levels: [DepthLevel]) {
        beginArray()
        for place in 0..<5 {
            let level = place < levels.count ? levels[place] : .empty
            beginObject()
            key("price")
            value(level.price)
            key("quantity")
            value(level.quantity.units)
            key("orders")
            value(level.orders)
            endObject()
        }
        endArray()
    }
}
