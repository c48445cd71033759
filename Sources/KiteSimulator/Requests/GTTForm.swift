import PaperExchange
import Trading

/// A trigger as it came on the form. Source: Kite Connect, GTT.
struct GTTForm {
    /// The trigger for the venue.
    let request: GTTRequest

    /// Reads the form; keys that mean nothing here are passed over.
    ///
    /// - Throws: Kite's refusal that names the first missing or malformed part.
    init(_ fields: Fields, appID: Int) throws(KiteRefusal) {
        let legCount: Int
        switch try fields.required("type") {
        case "single": legCount = 1
        case "two-leg": legCount = 2
        default: throw .invalid("type")
        }
        let condition = try JSONPart(field: "condition", of: fields)
        let instrument = InstrumentID(
            exchange: try condition.required("exchange").word(),
            symbol: try condition.required("tradingsymbol").text())
        let values = try condition.required("trigger_values")
        var prices: [Price] = []
        for value in try values.elements() { prices.append(try value.price()) }
        guard prices.count == legCount else {
            throw .input("Invalid `\(values.path)`: \(legCount) needed, \(prices.count) given.")
        }
        let known = try condition.required("last_price")
        let lastPrice = try known.price()
        guard lastPrice > .zero else { throw known.invalid }
        let orders = try JSONPart(field: "orders", of: fields)
        let parts = try orders.elements()
        guard parts.count == legCount else {
            throw .input("Invalid `orders`: \(legCount) needed, \(parts.count) given.")
        }
        var legs: [GTTRequest.Leg] = []
        for (price, part) in zip(prices, parts) {
            legs.append(GTTRequest.Leg(triggerValue: price, order: try Self.order(part)))
        }
        request = GTTRequest(
            instrument: instrument, lastPrice: lastPrice,
            legs: legs.count == 1 ? .single(legs[0]) : .twoLeg(lower: legs[0], upper: legs[1]), appID: appID)
    }

    private static func order(_ part: JSONPart) throws(KiteRefusal) -> OrderRequest {
        let instrument = InstrumentID(
            exchange: try part.required("exchange").word(), symbol: try part.required("tradingsymbol").text())
        let type = try part.required("order_type").word(OrderType.self)
        var order = OrderRequest(
            instrument: instrument, side: try part.required("transaction_type").word(), type: type,
            quantity: Quantity(try part.required("quantity").whole()), product: try part.required("product").word())
        // A market order's price means nothing; clients that cannot leave it out send zero.
        if type.needsPrice { order.price = try part.required("price").price() }
        if type.needsProtection { order.marketProtection = try part.member("market_protection")?.marketProtection() }
        return order
    }
}
