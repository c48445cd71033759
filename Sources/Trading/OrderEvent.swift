/// What the venue says of an order at one moment, whatever the channel: answer, order update, postback or poll.
package struct OrderReport: Sendable, Hashable {
    /// The broker's number of the order.
    package var brokerOrderID: String
    /// The exchange's number, once it has one.
    package var exchangeOrderID: String?
    /// The state as our vocabulary has it.
    package var status: OrderStatus
    /// Units traded so far.
    package var filledQuantity: Quantity
    /// Units taken out of the book.
    package var cancelledQuantity: Quantity
    /// Total units asked for, as last modified.
    package var quantity: Quantity
    /// The average price of the units traded; nil before the first.
    package var averagePrice: Price?
    /// The limit price, as last modified.
    package var price: Price?
    /// The trigger price, as last modified.
    package var triggerPrice: Price?
    /// The venue's reason or remark.
    package var message: String?
    /// When the exchange registered the state.
    package var exchangeTime: Timestamp?

    /// Puts a report together.
    package init(
        brokerOrderID: String, status: OrderStatus, quantity: Quantity, filledQuantity: Quantity = 0,
        cancelledQuantity: Quantity = 0, averagePrice: Price? = nil
    ) {
        self.brokerOrderID = brokerOrderID
        self.status = status
        self.quantity = quantity
        self.filledQuantity = filledQuantity
        self.cancelledQuantity = cancelledQuantity
        self.averagePrice = averagePrice
    }
}

/// What happened to an order. Source: FIX tag 150, with what only a gateway sees.
package enum OrderEvent: Sendable, Hashable {
    /// We refused it before it left.
    case denied(reason: String)
    /// It certainly never reached the broker.
    case notSent(reason: String)
    /// The broker took it and gave it a number.
    case acknowledged(brokerOrderID: String)
    /// The broker refused it in its answer.
    case rejected(reason: String)
    /// The answer does not tell whether the broker took it.
    case outcomeUnknown(reason: String)
    /// The venue told its state.
    case reported(OrderReport)
}

/// What an event did to an order.
package enum OrderTransition: Sendable, Hashable {
    /// Something a client should hear of changed.
    case changed
    /// Nothing new: a duplicate, or older news than what is known.
    case unchanged
    /// It contradicts what is known; kept out of the state and worth an alarm.
    case conflicting
}
