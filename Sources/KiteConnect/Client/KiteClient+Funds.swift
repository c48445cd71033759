import JSON
import NIOCore

extension KiteClient {
    /// Fund orders of the last seven days, or of a span of days, both included.
    public func fundOrders(from: KiteDate? = nil, to: KiteDate? = nil) async throws(KiteError) -> [KiteFundOrder] {
        var request = WireRequest(.get, "/mf/orders")
        if let from { request.query.append(("from", from.description)) }
        if let to { request.query.append(("to", to.description)) }
        return try await list(request)
    }

    /// One fund order.
    public func fundOrder(_ orderID: String) async throws(KiteError) -> KiteFundOrder {
        try await value(WireRequest(.get, try Self.fundOrderPath(orderID)))
    }

    /// Places a fund order and returns its id.
    ///
    /// With effect `.unknown` the order may stand: look for its `tag` in `fundOrders()` before placing it again.
    public func placeFundOrder(_ order: KiteFundOrderRequest) async throws(KiteError) -> String {
        var request = WireRequest(.post, "/mf/orders")
        request.form = try order.form()
        return try await value(request, as: KiteFundOrderReceipt.self).orderID
    }

    /// Cancels a fund order; returns its id.
    @discardableResult
    public func cancelFundOrder(_ orderID: String) async throws(KiteError) -> String {
        let request = WireRequest(.delete, try Self.fundOrderPath(orderID))
        return try await value(request, as: KiteFundOrderReceipt.self).orderID
    }

    /// All plans.
    public func fundPlans() async throws(KiteError) -> [KiteFundPlan] {
        try await list(WireRequest(.get, "/mf/sips"))
    }

    /// One plan.
    public func fundPlan(_ sipID: String) async throws(KiteError) -> KiteFundPlan {
        try await value(WireRequest(.get, try Self.fundPlanPath(sipID)))
    }

    /// Makes a plan and returns its id.
    ///
    /// With effect `.unknown` the plan may stand: look for its `tag` in `fundPlans()` before making it again.
    public func placeFundPlan(_ plan: KiteFundPlanRequest) async throws(KiteError) -> String {
        var request = WireRequest(.post, "/mf/sips")
        request.form = try plan.form()
        return try await value(request, as: KiteFundPlanReceipt.self).sipID
    }

    /// Changes a plan; returns its id.
    @discardableResult
    public func modifyFundPlan(_ sipID: String, change: KiteFundPlanChange) async throws(KiteError) -> String {
        var request = WireRequest(.put, try Self.fundPlanPath(sipID))
        request.form = try change.form()
        return try await value(request, as: KiteFundPlanReceipt.self).sipID
    }

    /// Cancels a plan; returns its id.
    @discardableResult
    public func cancelFundPlan(_ sipID: String) async throws(KiteError) -> String {
        let request = WireRequest(.delete, try Self.fundPlanPath(sipID))
        return try await value(request, as: KiteFundPlanReceipt.self).sipID
    }

    /// Units of funds.
    public func fundHoldings() async throws(KiteError) -> [KiteFundHolding] {
        try await list(WireRequest(.get, "/mf/holdings"))
    }

    /// The purchases and sales that make up a holding; undocumented by Kite.
    public func fundHolding(isin: String) async throws(KiteError) -> [KiteFundTrade] {
        try await list(WireRequest(.get, "/mf/holdings/" + (try FormEncoding.identifier(isin, "ISIN"))))
    }

    /// ISINs of the funds of which the user ever had units; undocumented by Kite.
    public func fundAllotments() async throws(KiteError) -> [String] {
        try await decode(WireRequest(.get, "/mf/allotments")) { (data) throws(KiteError) in
            guard let elements = data.array else { throw .unreadable("a list was expected, a \(data.kind) came") }
            var isins: [String] = []
            for element in elements {
                guard let isin = element.string else { throw .unreadable("fund allotments: an ISIN is no text") }
                isins.append(isin)
            }
            return isins
        }
    }

    /// The day's list of funds; some thousands of lines.
    public func fundInstruments() async throws(KiteError) -> [FundInstrumentRow] {
        var request = WireRequest(.get, "/mf/instruments")
        request.acceptsGzip = true
        request.bodyLimit = 64 << 20
        request.timeout = configuration.dumpTimeout
        var unpacker = BodyUnpacker(try await document(request))
        var bytes: [UInt8] = []
        while let chunk = try unpacker.next() { bytes.append(contentsOf: chunk.readableBytesView) }
        return try FundInstrumentRow.parse(bytes)
    }

    private static func fundOrderPath(_ orderID: String) throws(KiteError) -> String {
        "/mf/orders/" + (try FormEncoding.identifier(orderID, "order id"))
    }

    private static func fundPlanPath(_ sipID: String) throws(KiteError) -> String {
        "/mf/sips/" + (try FormEncoding.identifier(sipID, "plan's id"))
    }
}
