import JSON
import PaperExchange
import Trading

extension GTT.Status {
    /// Kite's word. Source: Kite Connect, GTT.
    var text: String {
        switch self {
        case .active: "active"
        case .triggered: "triggered"
        case .expired: "expired"
        case .deleted: "deleted"
        }
    }
}

extension JSONWriter {
    /// Writes a trigger; `token` is the number of its instrument. Source: Kite Connect, GTT.
    mutating func gttRow(_ gtt: GTT, token: InstrumentToken) {
        beginObject()
        key("id")
        value(gtt.id)
        key("user_id")
        value(gtt.account)
        key("parent_trigger")
        null()
        key("type")
        value(gtt.request.legs.all.count == 1 ? "single" : "two-leg")
        key("created_at")
        value(gtt.createdTime.indianText)
        key("updated_at")
        value(gtt.updatedTime.indianText)
        key("expires_at")
        value(gtt.expiryTime.indianText)
        key("status")
        value(gtt.status.text)
        key("condition")
        gttCondition(gtt.request, token: token)
        key("orders")
        beginArray()
        for (place, leg) in gtt.request.legs.all.enumerated() {
            beginObject()
            gttOrder(leg.order)
            key("result")
            if let firing = gtt.firing, firing.leg == place { gttResult(gtt, leg, firing) } else { null() }
            endObject()
        }
        endArray()
        key("meta")
        if gtt.status == .active {
            beginObject()
            endObject()
        } else {
            null()
        }
        endObject()
    }

    private mutating func gttCondition(_ request: GTTRequest, token: InstrumentToken) {
        beginObject()
        key("exchange")
        value(request.instrument.exchange.rawValue)
        key("last_price")
        value(request.lastPrice)
        key("tradingsymbol")
        value(request.instrument.symbol)
        key("trigger_values")
        beginArray()
        for leg in request.legs.all { value(leg.triggerValue) }
        endArray()
        key("instrument_token")
        value(token.rawValue)
        endObject()
    }

    private mutating func gttOrder(_ order: OrderRequest) {
        key("exchange")
        value(order.instrument.exchange.rawValue)
        key("tradingsymbol")
        value(order.instrument.symbol)
        key("product")
        value(order.product.rawValue)
        key("order_type")
        value(order.type.rawValue)
        key("transaction_type")
        value(order.side.rawValue)
        key("quantity")
        value(order.quantity.units)
        key("price")
        value(order.price ?? .zero)
        marketProtection(order.marketProtection)
    }

    private mutating func gttResult(_ gtt: GTT, _ leg: GTTRequest.Leg, _ firing: GTT.Firing) {
        beginObject()
        key("account_id")
        value(gtt.account)
        key("validity")
        value(TimeInForce.day.validityText)
        gttOrder(leg.order)
        key("meta")
        value(#"{"app_id":\#(gtt.request.appID),"gtt":\#(gtt.id)}"#)
        key("timestamp")
        value(firing.time.indianText)
        key("triggered_at")
        value(firing.price)
        key("order_result")
        beginObject()
        outcomeFields(firing.outcome)
        endObject()
        endObject()
    }

    /// Writes what became of an order that nobody sent at that moment.
    mutating func outcomeFields(_ outcome: FiringOutcome) {
        let (status, orderID, reason) =
            switch outcome {
            case .placed(let orderID): ("success", orderID, "")
            case .failed(let orderID, let reason): ("failed", orderID ?? "", reason)
            }
        key("status")
        value(status)
        key("order_id")
        value(orderID)
        key("rejection_reason")
        value(reason)
    }

    /// Writes the protection of an order that has one, as a percentage; rows without one do not have the key.
    mutating func marketProtection(_ protection: MarketProtection?) {
        guard let protection else { return }
        key("market_protection")
        switch protection {
        case .automatic: value(-1)
        case .basisPoints(let points): decimal(points, scale: 2)
        }
    }
}
