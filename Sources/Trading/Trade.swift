/// One execution of an order at an exchange.
package struct Trade: Sendable, Hashable {
    /// The exchange's number of the execution.
    package let id: String
    /// The broker's number of the order.
    package let brokerOrderID: String
    /// The exchange's number of the order.
    package let exchangeOrderID: String?
    /// What was traded.
    package let instrument: InstrumentID
    /// Buy or sell.
    package let side: Side
    /// How the position is held.
    package let product: Product
    /// Units traded.
    package let quantity: Quantity
    /// The price of each unit.
    package let price: Price
    /// When the exchange executed it.
    package let exchangeTime: Timestamp

    /// Puts an execution together.
    package init(
        id: String, brokerOrderID: String, exchangeOrderID: String?, instrument: InstrumentID, side: Side,
        product: Product, quantity: Quantity, price: Price, exchangeTime: Timestamp
    ) {
        self.id = id
        self.brokerOrderID = brokerOrderID
        self.exchangeOrderID = exchangeOrderID
        self.instrument = instrument
        self.side = side
        self.product = product
        self.quantity = quantity
        self.price = price
        self.exchangeTime = exchangeTime
    }
}
