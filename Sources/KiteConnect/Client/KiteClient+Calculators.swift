import JSON

extension KiteClient {
    /// What each order alone would need; one margin an order, in the same order.
    ///
    /// - Parameter compact: asks for identity and total only; the other figures then read as zero.
    public func orderMargins(
        _ orders: [KiteMarginOrder], compact: Bool = false
    ) async throws(KiteError) -> [KiteOrderMargin] {
        var request = try Self.calculation("/margins/orders", orders) { (order) throws(KiteError) in try order.json() }
        if compact { request.query = [("mode", "compact")] }
        return try await list(request, count: orders.count)
    }

    /// What the orders would need together, with the benefit of spreads.
    ///
    /// - Parameters:
    ///   - considerPositions: whether open positions count for the benefit.
    ///   - compact: asks for totals only; the other figures then read as zero.
    public func basketMargins(
        _ orders: [KiteMarginOrder], considerPositions: Bool = true, compact: Bool = false
    ) async throws(KiteError) -> KiteBasketMargin {
        var request = try Self.calculation("/margins/basket", orders) { (order) throws(KiteError) in try order.json() }
        request.query = [("consider_positions", considerPositions ? "true" : "false")]
        if compact { request.query.append(("mode", "compact")) }
        return try await value(request)
    }

    /// What executed orders cost (Kite's virtual contract note); one note an order, in the same order.
    public func contractNotes(_ orders: [KiteChargedOrder]) async throws(KiteError) -> [KiteContractNote] {
        let request = try Self.calculation("/charges/orders", orders) { (order) throws(KiteError) in try order.json() }
        return try await list(request, count: orders.count)
    }

    /// A question with a JSON body, which changes nothing at the other end.
    private static func calculation<Order>(
        _ path: String, _ orders: [Order], _ json: (Order) throws(KiteError) -> JSONValue
    ) throws(KiteError) -> WireRequest {
        guard !orders.isEmpty else { throw .unsendable("no order was asked about") }
        var elements: [JSONValue] = []
        for order in orders { elements.append(try json(order)) }
        var request = WireRequest(.post, path)
        request.intent = .read
        request.json = .array(elements)
        return request
    }

    /// A list that must have so many elements, since they are matched by position.
    private func list<Value: KiteDecodable>(
        _ request: WireRequest, count: Int, of type: Value.Type = Value.self
    ) async throws(KiteError) -> [Value] {
        try await decode(request) { (data) throws(KiteError) in
            let values = try KiteAnswer.list(of: type, in: data)
            guard values.count == count else {
                throw .unreadable("data has \(values.count) elements, \(count) were expected")
            }
            return values
        }
    }
}
