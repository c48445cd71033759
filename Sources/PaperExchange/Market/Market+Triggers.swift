import Trading

/// Says why an account may not place another order now; nil lets it.
package typealias OrderAdmission = (_ account: String, _ now: Timestamp) -> String?

extension Market {
    /// Sends out the orders of triggers and alerts whose prices have come. Does nothing where no price can have moved
    /// since the last time.
    mutating func fireTriggers(at now: Timestamp, admitting admission: OrderAdmission) {
        gtts.expire(at: now)
        guard !gtts.isIdle || !alerts.waiting.isEmpty, firedUpTo != priceMark else { return }
        // What goes out may trade and so bring further prices; everything fires once, so that this ends.
        while firedUpTo != priceMark {
            let moved = slotsMoved(since: firedUpTo)
            firedUpTo = priceMark
            fireGTTs(in: moved, at: now, admission)
            fireAlerts(in: moved, at: now, admission)
        }
    }

    /// Stands still as long as no last price can have changed.
    private var priceMark: PriceMark { PriceMark(step: step, executions: executions.count) }

    /// The instruments that traded since then; nil where the model has moved all of them.
    private func slotsMoved(since mark: PriceMark) -> Set<Int>? {
        guard mark.step == step else { return nil }
        return Set(executions[mark.executions...].lazy.map { orders[$0.order].slot })
    }

    /// The checks of an order that is to be placed later: all that does not hang on the day's prices and funds.
    mutating func checkLater(_ request: VenueOrderRequest, at now: Timestamp) throws(VenueRefusal) {
        let order = request.terms
        guard (request.tag ?? "").count <= 20 else { throw .tagTooLong }
        guard let row = listing.row(of: order.instrument) else { throw .unknownInstrument(order.instrument) }
        let slot = slot(ofRow: row, at: now)
        let terms = states[slot].terms
        try OrderRules.checkInstrument(terms, order.instrument)
        if request.variety != .cover || order.product != .cover { try OrderRules.checkProduct(order.product, terms) }
        try VarietyRules.check(request, terms)
        var draft = OrderRules.Draft(order)
        draft.isTriggerNew = false
        try OrderRules.check(draft, terms, last: states[slot].last)
    }

    /// Places an order that nobody sends at this moment, on behalf of an app.
    mutating func placeFired(
        _ request: VenueOrderRequest, appID: Int, for account: String, at now: Timestamp, _ admission: OrderAdmission
    ) -> FiringOutcome {
        // The order itself comes first; what its fills bring about comes behind it.
        let own = orders.count
        defer { if orders.count > own { firedAppIDs[own] = appID } }
        if let reason = admission(account, now) { return .failed(orderID: nil, reason: reason) }
        do throws(VenueRefusal) {
            let id = try place(request, for: account, at: now)
            guard let order = order(id, of: account), orders[order].state.status == .rejected else {
                return .placed(orderID: id)
            }
            return .failed(orderID: id, reason: orders[order].state.message ?? "The order was rejected.")
        } catch {
            return .failed(orderID: nil, reason: error.description)
        }
    }
}

/// A moment in the life of a market's prices.
struct PriceMark: Sendable, Hashable {
    let step: UInt64
    let executions: Int
}
