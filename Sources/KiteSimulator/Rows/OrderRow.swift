import JSON
import PaperExchange
import Trading

extension VenueOrderStatus {
    /// Kite's word. Source: Kite Connect, order statuses.
    var text: String {
        switch self {
        case .putReceived: "PUT ORDER REQ RECEIVED"
        case .afterMarketReceived: "AMO REQ RECEIVED"
        case .validationPending: "VALIDATION PENDING"
        case .openPending: "OPEN PENDING"
        case .open: "OPEN"
        case .triggerPending: "TRIGGER PENDING"
        case .modifyValidationPending: "MODIFY VALIDATION PENDING"
        case .modifyPending: "MODIFY PENDING"
        case .modified: "MODIFIED"
        case .cancelPending: "CANCEL PENDING"
        case .complete: "COMPLETE"
        case .cancelled: "CANCELLED"
        case .rejected: "REJECTED"
        }
    }
}

extension TimeInForce {
    /// Kite's word for how long an order lives.
    var validityText: String {
        switch self {
        case .day: "DAY"
        case .immediateOrCancel: "IOC"
        case .minutes: "TTL"
        }
    }

    /// Minutes to live; zero where that is no matter of minutes.
    var validityMinutes: Int {
        if case .minutes(let minutes) = self { minutes } else { 0 }
    }
}

extension VenueOrder {
    /// The sender's label and those that the broker puts beside it.
    var allTags: [String] {
        var all = tag.map { [$0] } ?? []
        all.append(contentsOf: tags)
        if requestedType == .market, let points = protectionBasisPoints {
            let cents = String(100 + points % 100).dropFirst()
            all.append(contentsOf: ["mktp", "mktp:\(points / 100).\(cents)"])
        }
        return all
    }
}

extension JSONWriter {
    /// Writes an order as the order book and the order history show it. Source: Kite Connect, orders.
    mutating func orderRow(_ order: VenueOrder) {
        beginObject()
        key("account_id")
        value(order.account)
        key("terminal_id")
        value(Self.terminal)
        orderFields(order, status: order.status.text)
        key("modified")
        value(order.isModified)
        let tags = order.allTags
        if !tags.isEmpty {
            key("tags")
            strings(tags)
        }
        endObject()
    }

    /// The terminal of orders that come through the API. Source: Kite Connect, sample order book.
    private static let terminal = "111111111111100"

    /// Writes the fields that the order book and order messages have in common.
    mutating func orderFields(_ order: VenueOrder, status: String) {
        orderIdentity(order)
        key("status")
        value(status)
        key("status_message")
        value(optional: order.statusMessage)
        key("status_message_raw")
        value(optional: order.statusMessage)
        orderTimes(order)
        orderTerms(order)
        orderQuantities(order)
        key("market_protection")
        value(0)
        if case .auction(let number) = order.variety {
            key("auction_number")
            value(number)
        }
        key("meta")
        orderMeta(order)
        key("tag")
        value(optional: order.tag)
        key("guid")
        null()
    }

    /// What belongs to the variety alone; an empty object for most orders.
    private mutating func orderMeta(_ order: VenueOrder) {
        beginObject()
        if let leg = order.icebergLeg {
            key("iceberg")
            beginObject()
            key("leg")
            value(leg.leg)
            key("legs")
            value(leg.legs)
            key("leg_quantity")
            value(leg.legQuantity.units)
            key("total_quantity")
            value(leg.totalQuantity.units)
            key("remaining_quantity")
            value(leg.remainingQuantity.units)
            endObject()
        }
        endObject()
    }

    private mutating func orderIdentity(_ order: VenueOrder) {
        key("placed_by")
        value(order.placedBy)
        key("order_id")
        value(order.id)
        key("exchange_order_id")
        value(optional: order.exchangeOrderID)
        key("parent_order_id")
        value(optional: order.parentID)
    }

    private mutating func orderTimes(_ order: VenueOrder) {
        key("order_timestamp")
        value(order.time.indianText)
        key("exchange_update_timestamp")
        value(optional: order.exchangeTime.map { max($0, order.time).indianText })
        key("exchange_timestamp")
        value(optional: order.registeredTime?.indianText)
    }

    private mutating func orderTerms(_ order: VenueOrder) {
        key("variety")
        value(order.variety.name)
        key("exchange")
        value(order.instrument.exchange.rawValue)
        key("tradingsymbol")
        value(order.instrument.symbol)
        key("instrument_token")
        value(order.token.rawValue)
        key("order_type")
        value(order.type.rawValue)
        key("transaction_type")
        value(order.side.rawValue)
        key("validity")
        value(order.timeInForce.validityText)
        key("validity_ttl")
        value(order.timeInForce.validityMinutes)
        key("product")
        value(order.product.rawValue)
    }

    private mutating func orderQuantities(_ order: VenueOrder) {
        key("quantity")
        value(order.quantity.units)
        key("disclosed_quantity")
        value(order.disclosedQuantity.units)
        key("price")
        value(order.price ?? .zero)
        key("trigger_price")
        value(order.triggerPrice ?? .zero)
        key("average_price")
        value(order.averagePrice ?? .zero)
        key("filled_quantity")
        value(order.filledQuantity.units)
        key("pending_quantity")
        // Kite goes on showing as pending what a cancellation took out of the book.
        value(order.status == .cancelled ? order.cancelledQuantity.units : order.pendingQuantity.units)
        key("cancelled_quantity")
        value(order.cancelledQuantity.units)
    }

    /// Writes one execution. Source: Kite Connect, trades.
    mutating func tradeRow(_ row: VenueTrade) {
        let trade = row.trade
        beginObject()
        key("trade_id")
        value(trade.id)
        key("order_id")
        value(trade.brokerOrderID)
        key("exchange_order_id")
        value(optional: trade.exchangeOrderID)
        key("exchange")
        value(trade.instrument.exchange.rawValue)
        key("tradingsymbol")
        value(trade.instrument.symbol)
        key("instrument_token")
        value(row.token.rawValue)
        key("product")
        value(trade.product.rawValue)
        key("transaction_type")
        value(trade.side.rawValue)
        key("average_price")
        value(trade.price)
        key("quantity")
        value(trade.quantity.units)
        key("fill_timestamp")
        value(trade.exchangeTime.indianText)
        key("exchange_timestamp")
        value(trade.exchangeTime.indianText)
        key("order_timestamp")
        value(String(row.orderTime.indianText.suffix(8)))
        endObject()
    }
}

extension JSONWriter {
    /// Writes a price exactly, whole rupees without a decimal point.
    mutating func value(_ price: Price) { decimal(price.tenThousandths, scale: 4) }

    /// Writes an amount exactly, whole rupees without a decimal point.
    mutating func value(_ amount: Money) { decimal(amount.tenThousandths, scale: 4) }

    /// Writes text, or `null` where there is none.
    mutating func value(optional text: String?) {
        if let text { value(text) } else { null() }
    }

    /// Writes a list of texts.
    mutating func strings(_ texts: some Sequence<String>) {
        beginArray()
        for text in texts { value(text) }
        endArray()
    }
}
