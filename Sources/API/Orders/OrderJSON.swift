import JSON
import Trading

extension JSONWriter {
    /// One order's object.
    mutating func order(_ order: Order) {
        beginObject()
        key("order_id")
        text(order.brokerOrderID)
        key("exchange_order_id")
        text(order.exchangeOrderID)
        key("tradingsymbol")
        value(order.request.instrument.symbol)
        key("exchange")
        value(order.request.instrument.exchange.rawValue)
        key("transaction_type")
        value(order.request.side.rawValue)
        key("order_type")
        value(order.request.type.rawValue)
        key("product")
        value(order.request.product.rawValue)
        key("quantity")
        quantity(order.quantity)
        key("pending_quantity")
        quantity(order.remainingQuantity)
        key("filled_quantity")
        quantity(order.filledQuantity)
        key("cancelled_quantity")
        quantity(order.cancelledQuantity)
        key("price")
        price(order.price)
        key("trigger_price")
        price(order.triggerPrice)
        key("average_price")
        price(order.averagePrice)
        key("validity")
        value(order.request.timeInForce.word)
        key("status")
        value(order.status.word)
        key("status_message")
        text(order.message)
        key("order_timestamp")
        time(order.placedTime)
        key("exchange_timestamp")
        time(order.exchangeTime)
        key("client_order_id")
        text(order.isExternal ? nil : order.clientOrderID)
        key("tag")
        text(order.label)
        key("is_external")
        value(order.isExternal)
        endObject()
    }

    /// The answer that says what became of a change or a cancel.
    mutating func orderOutcome(_ order: Order, of account: String, message: String) {
        beginObject()
        key("status")
        value("success")
        key("account_id")
        value(account)
        key("success")
        value(true)
        key("order_id")
        text(order.brokerOrderID)
        key("message")
        value(message)
        key("order")
        self.order(order)
        endObject()
    }
}

extension Order {
    /// Whether it was placed elsewhere: those carry no tag of ours.
    var isExternal: Bool { clientOrderID.isEmpty }
}
