import Trading

/// The checks that an order's variety adds to those of its terms.
enum VarietyRules {
    /// Legs that an iceberg order may have. Source: Kite Connect, iceberg orders.
    static let icebergLegs = 2...50

    /// What the variety allows of the terms; prices are checked elsewhere.
    static func check(_ request: VenueOrderRequest, _ terms: InstrumentState.Terms) throws(VenueRefusal) {
        let order = request.terms
        switch request.variety {
        case .regular, .afterMarket: break
        case .cover:
            // Two legs of one day, the second a stop: the first can neither be a stop itself nor end before.
            guard !order.type.needsTrigger else { throw .termNotAllowed("order_type", variety: request.variety) }
            guard order.timeInForce == .day else { throw .termNotAllowed("validity", variety: request.variety) }
        case .iceberg(let legs, _):
            guard icebergLegs ~= legs else { throw .icebergLegsOutOfRange }
            guard let leg = firstLeg(of: request, lot: terms.lot), leg.quantity.units % terms.lot == 0 else {
                throw .icebergQuantityMismatch
            }
        case .auction:
            guard order.side == .sell else { throw .termNotAllowed("transaction_type", variety: request.variety) }
            guard order.type == .limit else { throw .termNotAllowed("order_type", variety: request.variety) }
            guard order.product == .delivery else { throw .termNotAllowed("product", variety: request.variety) }
        }
        try checkDisclosed(order.disclosedQuantity, of: order.quantity.units, terms)
    }

    /// The first leg of an iceberg order; nil where the order is none, or its quantities do not come out even: every
    /// leg has the same units but the last, which may have fewer.
    static func firstLeg(of request: VenueOrderRequest, lot: Int64) -> IcebergLeg? {
        guard case .iceberg(let legs, let asked) = request.variety, legs > 0 else { return nil }
        let total = request.terms.quantity.units
        let even = (total + Int64(legs) - 1) / Int64(legs)
        let units = asked?.units ?? (even + lot - 1) / lot * lot
        guard units > 0, units <= total, (total + units - 1) / units == legs else { return nil }
        return IcebergLeg(leg: 1, legs: legs, legQuantity: Quantity(units), totalQuantity: Quantity(total))
    }

    /// The units shown may not be more than those asked for. Source: Kite Connect, `disclosed_quantity`: equity only.
    static func checkDisclosed(
        _ disclosed: Quantity?, of quantity: Int64, _ terms: InstrumentState.Terms
    ) throws(VenueRefusal) {
        guard let disclosed, disclosed != 0 else { return }
        guard terms.kind == .equity, 0...quantity ~= disclosed.units else { throw .disclosedQuantityNotAllowed }
    }

    /// The stop loss of a cover order has to lie inside the price range, and beyond both the order's price and the
    /// last price. `side` is the side of the first leg.
    static func checkCoverTrigger(
        _ trigger: Int64?, side: Side, price: Int64?, _ terms: InstrumentState.Terms, last: Int64
    ) throws(VenueRefusal) {
        guard let trigger, trigger > 0 else { throw .triggerMissing }
        guard trigger % terms.tick == 0 else { throw .triggerOffTick(tick: Price(tenThousandths: terms.tick)) }
        if side == .buy, trigger < terms.lowerCircuit {
            throw .triggerBeyondCircuit(.sell, limit: Price(tenThousandths: terms.lowerCircuit))
        }
        if side == .sell, trigger > terms.upperCircuit {
            throw .triggerBeyondCircuit(.buy, limit: Price(tenThousandths: terms.upperCircuit))
        }
        if (last - trigger) * side.sign <= 0 {
            throw .triggerOnWrongSide(side.opposite, lastPrice: Price(tenThousandths: last))
        }
        if let price, (price - trigger) * side.sign <= 0 {
            throw .coverTriggerBeyondPrice(side.opposite, price: Price(tenThousandths: price))
        }
    }
}
