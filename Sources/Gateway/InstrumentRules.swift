import Trading

/// The checks that an instrument's terms put on an order; pure, in a fixed order.
package enum InstrumentRules {
    /// Finds the first reason to refuse an order; nil where there is none.
    package static func denial(of request: OrderRequest, for instrument: Instrument?) -> OrderDenial? {
        guard let instrument else { return .unknownInstrument(request.instrument) }
        if case .index = instrument.kind { return .notTradable(instrument.id) }
        guard allows(request.product, on: instrument.id.exchange) else {
            return .productNotAllowed(request.product, instrument.id.exchange)
        }
        return quantityDenial(request.quantity, instrument) ?? priceDenial(request, instrument)
            ?? triggerDenial(request, instrument) ?? remainingDenial(request, instrument)
    }

    private static func allows(_ product: Product, on exchange: Exchange) -> Bool {
        switch product {
        case .intraday: true
        case .delivery, .marginFunded: exchange.isCash
        case .carryForward: !exchange.isCash
        // Comes of cover orders at the broker; nothing is placed under it.
        case .cover: false
        }
    }

    private static func quantityDenial(_ quantity: Quantity, _ instrument: Instrument) -> OrderDenial? {
        if quantity <= 0 { return .quantityNotPositive }
        if !quantity.isMultiple(ofLot: instrument.lotSize) { return .quantityOffLot(lot: instrument.lotSize) }
        if let limit = instrument.freezeQuantity, quantity > limit { return .quantityOverFreeze(limit: limit) }
        return nil
    }

    private static func priceDenial(_ request: OrderRequest, _ instrument: Instrument) -> OrderDenial? {
        guard request.type.needsPrice else { return nil }
        guard let price = request.price else { return .priceMissing(request.type) }
        if price <= .zero { return .priceNotPositive }
        return price.isMultiple(ofTick: instrument.tickSize) ? nil : .priceOffTick(tick: instrument.tickSize)
    }

    private static func triggerDenial(_ request: OrderRequest, _ instrument: Instrument) -> OrderDenial? {
        guard request.type.needsTrigger else { return nil }
        guard let trigger = request.triggerPrice else { return .triggerMissing(request.type) }
        if trigger <= .zero { return .triggerNotPositive }
        if !trigger.isMultiple(ofTick: instrument.tickSize) { return .triggerOffTick(tick: instrument.tickSize) }
        guard request.type == .stopLimit, let price = request.price else { return nil }
        switch request.side {
        case .buy: return trigger > price ? .triggerBeyondPrice(.buy) : nil
        case .sell: return trigger < price ? .triggerBeyondPrice(.sell) : nil
        }
    }

    private static func remainingDenial(_ request: OrderRequest, _ instrument: Instrument) -> OrderDenial? {
        if let disclosed = request.disclosedQuantity {
            guard disclosed > 0, disclosed <= request.quantity, instrument.id.exchange.isCash else {
                return .disclosedQuantityOutOfRange
            }
        }
        if case .minutes(let minutes) = request.timeInForce, !(1...359).contains(minutes) {
            return .validityNotAllowed
        }
        return nil
    }
}
