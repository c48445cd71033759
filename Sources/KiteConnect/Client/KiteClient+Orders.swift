extension KiteClient {
    /// Places an order; accepted here does not mean accepted by the exchange, so follow the order's status.
    ///
    /// With effect `.unknown` the order may stand: look for its `tag` in `orders()` before placing it again.
    public func placeOrder(_ order: KiteOrderRequest) async throws(KiteError) -> KiteOrderReceipt {
        var request = WireRequest(.post, "/orders/" + FormEncoding.segment(order.variety.rawValue))
        request.form = try order.form()
        request.pacing = .placement(orders: order.orderCount)
        let receipt: KiteOrderReceipt = try await value(request)
        if receipt.slices.count > 1 { pacer?.addOrders(receipt.slices.count - 1, account: paceScope.account) }
        return receipt
    }

    /// Changes a working order; returns its id. An order takes at most 25 changes.
    @discardableResult
    public func modifyOrder(
        _ orderID: String, variety: KiteVariety = .regular, change: KiteOrderChange
    ) async throws(KiteError) -> String {
        var request = WireRequest(.put, try Self.path(variety, orderID))
        request.form = try change.form()
        request.pacing = .modification(orderID: orderID)
        let receipt: KiteOrderReceipt = try await value(request)
        return try receipt.requireOrderID()
    }

    /// Cancels a working order, or exits a cover order; returns its id.
    @discardableResult
    public func cancelOrder(
        _ orderID: String, variety: KiteVariety = .regular, parentOrderID: String? = nil
    ) async throws(KiteError) -> String {
        var request = WireRequest(.delete, try Self.path(variety, orderID))
        request.pacing = .cancellation
        if let parentOrderID { request.query = [("parent_order_id", parentOrderID)] }
        let receipt: KiteOrderReceipt = try await value(request)
        return try receipt.requireOrderID()
    }

    /// Places an order that Kite splits above the exchange's freeze quantity, into at most ten slices.
    ///
    /// Each slice succeeds or fails by itself: see the receipt's `slices` and `placedOrderIDs`.
    public func placeAutoslicedOrder(_ order: KiteOrderRequest) async throws(KiteError) -> KiteOrderReceipt {
        var order = order
        order.autoslice = true
        return try await placeOrder(order)
    }

    /// Leaves a cover order's position by cancelling its second leg; returns the leg's id.
    @discardableResult
    public func exitOrder(
        _ orderID: String, variety: KiteVariety = .cover, parentOrderID: String? = nil
    ) async throws(KiteError) -> String {
        try await cancelOrder(orderID, variety: variety, parentOrderID: parentOrderID)
    }

    /// All orders of the day, in no particular order.
    public func orders() async throws(KiteError) -> [KiteOrder] {
        try await list(WireRequest(.get, "/orders"))
    }

    /// All states of one order, oldest first.
    public func orderHistory(_ orderID: String) async throws(KiteError) -> [KiteOrder] {
        try await list(WireRequest(.get, "/orders/" + Self.identifier(orderID)))
    }

    /// All trades of the day.
    public func trades() async throws(KiteError) -> [KiteTrade] {
        try await list(WireRequest(.get, "/trades"))
    }

    /// The trades of one order.
    public func orderTrades(_ orderID: String) async throws(KiteError) -> [KiteTrade] {
        try await list(WireRequest(.get, "/orders/" + Self.identifier(orderID) + "/trades"))
    }

    private static func path(_ variety: KiteVariety, _ orderID: String) throws(KiteError) -> String {
        "/orders/" + FormEncoding.segment(variety.rawValue) + "/" + (try identifier(orderID))
    }

    private static func identifier(_ orderID: String) throws(KiteError) -> String {
        try FormEncoding.identifier(orderID, "order id")
    }
}

extension KiteOrderReceipt {
    fileprivate func requireOrderID() throws(KiteError) -> String {
        guard let orderID else {
            throw KiteError(.invalidResponse, effect: .unknown, message: "the answer names no order id")
        }
        return orderID
    }
}
