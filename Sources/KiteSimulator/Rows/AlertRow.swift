import JSON
import PaperExchange
import Trading

extension AlertSubject {
    /// The exchange as alerts name it.
    var exchangeText: String {
        switch self {
        case .index: AlertForm.indices
        case .instrument(let id): id.exchange.rawValue
        }
    }

    /// The symbol, or the display name of an index.
    var symbolText: String {
        switch self {
        case .index(let name): name
        case .instrument(let id): id.symbol
        }
    }

    fileprivate var expression: String { "\(AlertForm.attribute)(\"\(exchangeText):\(symbolText)\")" }
}

extension AlertCondition {
    /// The condition as alert histories spell it.
    var text: String {
        let right =
            switch reference {
            case .constant(let price): price.description
            case .subject(let other): other.expression
            }
        return "\(subject.expression) \(comparison.rawValue) \(right)"
    }
}

extension JSONWriter {
    /// Writes an alert; with `basket`, a number for the instrument of each item. Source: Kite Connect, alerts.
    mutating func alertRow(_ alert: Alert, basket tokens: [InstrumentToken]? = nil) {
        beginObject()
        key("type")
        value(alert.request.basket == nil ? "simple" : "ato")
        key("user_id")
        value(alert.account)
        key("uuid")
        value(alert.uuid)
        key("name")
        value(alert.request.name)
        key("status")
        value(alert.status.rawValue)
        key("disabled_reason")
        value("")
        if let items = alert.request.basket, let tokens {
            key("basket")
            alertBasket(items, ids: alert.itemIDs, tokens: tokens)
        }
        alertCondition(alert.request.condition)
        key("alert_count")
        value(alert.count)
        key("created_at")
        value(alert.createdTime.indianText)
        key("updated_at")
        value(alert.updatedTime.indianText)
        endObject()
    }

    /// Fields of the side that is not used are empty.
    private mutating func alertCondition(_ condition: AlertCondition) {
        var constant = Price.zero
        var other: AlertSubject?
        switch condition.reference {
        case .constant(let price): constant = price
        case .subject(let subject): other = subject
        }
        key("lhs_attribute")
        value(AlertForm.attribute)
        key("lhs_exchange")
        value(condition.subject.exchangeText)
        key("lhs_tradingsymbol")
        value(condition.subject.symbolText)
        key("operator")
        value(condition.comparison.rawValue)
        key("rhs_type")
        value(other == nil ? "constant" : "instrument")
        key("rhs_attribute")
        value(other == nil ? "" : AlertForm.attribute)
        key("rhs_exchange")
        value(other?.exchangeText ?? "")
        key("rhs_tradingsymbol")
        value(other?.symbolText ?? "")
        key("rhs_constant")
        value(constant)
    }

    private mutating func alertBasket(_ items: [AlertRequest.Item], ids: [Int64], tokens: [InstrumentToken]) {
        beginObject()
        key("items")
        beginArray()
        for (place, item) in items.enumerated() {
            let instrument = item.order.terms.instrument
            beginObject()
            key("id")
            value(ids[place])
            key("tradingsymbol")
            value(instrument.symbol)
            key("exchange")
            value(instrument.exchange.rawValue)
            key("instrument_token")
            value(tokens[place].rawValue)
            key("weight")
            value(item.weight)
            key("params")
            alertParameters(item.order)
            endObject()
        }
        endArray()
        endObject()
    }

    private mutating func alertParameters(_ order: VenueOrderRequest) {
        let terms = order.terms
        beginObject()
        key("validity")
        value(terms.timeInForce.validityText)
        key("validity_ttl")
        value(terms.timeInForce.validityMinutes)
        key("variety")
        value(order.variety.name)
        if case .iceberg(let legs, _) = order.variety {
            key("iceberg_legs")
            value(legs)
        }
        key("product")
        value(terms.product.rawValue)
        key("order_type")
        value(terms.type.rawValue)
        key("transaction_type")
        value(terms.side.rawValue)
        key("quantity")
        value(terms.quantity.units)
        key("disclosed_quantity")
        value((terms.disclosedQuantity ?? 0).units)
        key("price")
        value(terms.price ?? .zero)
        key("trigger_price")
        value(terms.triggerPrice ?? .zero)
        marketProtection(terms.marketProtection)
        for name: StaticString in ["squareoff", "stoploss", "trailing_stoploss"] {
            key(name)
            value(0)
        }
        key("gtt")
        beginObject()
        for name: StaticString in ["target", "stoploss"] {
            key(name)
            value(0)
        }
        endObject()
        key("tags")
        strings((order.tag.map { [$0] } ?? []) + order.tags)
        endObject()
    }

    /// Writes one time an alert fired. Source: Kite Connect, alerts.
    mutating func alertFiringRow(_ firing: Alert.Firing, of alert: Alert) {
        beginObject()
        key("uuid")
        value(alert.uuid)
        key("type")
        value(firing.placements == nil ? "simple" : "ato")
        key("meta")
        beginArray()
        for snapshot in firing.snapshots { alertSnapshot(snapshot) }
        endArray()
        key("condition")
        value(firing.condition.text)
        key("created_at")
        value(firing.time.indianText)
        key("order_meta")
        if let placements = firing.placements {
            beginArray()
            for placement in placements { alertPlacement(placement) }
            endArray()
        } else {
            null()
        }
        endObject()
    }

    /// The broker does not publish the form of this part; it tells of each order what a trigger's result tells.
    private mutating func alertPlacement(_ placement: Alert.Placement) {
        let terms = placement.order.terms
        beginObject()
        key("exchange")
        value(terms.instrument.exchange.rawValue)
        key("tradingsymbol")
        value(terms.instrument.symbol)
        key("transaction_type")
        value(terms.side.rawValue)
        key("quantity")
        value(terms.quantity.units)
        outcomeFields(placement.outcome)
        endObject()
    }

    private mutating func alertSnapshot(_ snapshot: Alert.Snapshot) {
        let quote = snapshot.quote
        beginObject()
        key("instrument_token")
        value(quote.token.rawValue)
        key("tradingsymbol")
        value(snapshot.subject.symbolText)
        key("timestamp")
        value(quote.exchangeTime.indianText)
        key("last_price")
        value(quote.lastPrice)
        key("ohlc")
        beginObject()
        for (name, price): (StaticString, Price) in [
            ("open", quote.open), ("high", quote.high), ("low", quote.low), ("close", quote.close),
        ] {
            key(name)
            value(price)
        }
        endObject()
        key("net_change")
        value(quote.change)
        key("exchange")
        value(snapshot.subject.exchangeText)
        key("last_trade_time")
        // The broker's own zero date, which stands nowhere else.
        value(quote.lastTradeTime?.indianText ?? "0001-01-01 00:00:00")
        for (name, quantity): (StaticString, Quantity) in [
            ("last_quantity", quote.lastQuantity), ("buy_quantity", quote.buyQuantity),
            ("sell_quantity", quote.sellQuantity), ("volume", quote.volume), ("volume_tick", quote.lastQuantity),
        ] {
            key(name)
            value(quantity.units)
        }
        key("average_price")
        value(quote.averagePrice)
        for (name, quantity): (StaticString, Quantity) in [
            ("oi", quote.openInterest), ("oi_day_high", quote.openInterestHigh),
            ("oi_day_low", quote.openInterestLow),
        ] {
            key(name)
            value(quantity.units)
        }
        key("lower_circuit_limit")
        value(quote.lowerCircuit)
        key("upper_circuit_limit")
        value(quote.upperCircuit)
        endObject()
    }
}
