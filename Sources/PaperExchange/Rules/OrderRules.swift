import Trading

/// The checks of single orders that need no account.
enum OrderRules {
    /// Modifications that one order may have. Source: Kite Connect, order limits.
    static let modificationLimit = 25
    static let minutesLimit = 1_440
    /// The most that one order may be worth, ₹10,000 crore in ten-thousandths: sums of margins stay far from overflow.
    static let worthLimit: Int64 = 1_000_000_000_000_000
    /// The most units of a derivative, whose margin is counted from the underlying's price.
    static let derivativeLimit: Int64 = 1_000_000

    /// What an order's prices and quantity are to be checked as.
    struct Draft: Sendable {
        var side: Side
        var type: OrderType
        var timeInForce: TimeInForce
        var quantity: Int64
        var price: Int64?
        var trigger: Int64?
        var protection: MarketProtection?
        /// Whether the trigger is compared with the last price; a modification need not repeat that.
        var isTriggerNew = true

        init(_ terms: OrderRequest) {
            side = terms.side
            type = terms.type
            timeInForce = terms.timeInForce
            quantity = terms.quantity.units
            price = terms.price?.tenThousandths
            trigger = terms.triggerPrice?.tenThousandths
            protection = terms.marketProtection
        }
    }

    static func checkInstrument(_ terms: InstrumentState.Terms, _ id: InstrumentID) throws(VenueRefusal) {
        guard terms.isTradable else { throw .notTradable(id) }
        guard !terms.isExpired else { throw .expired(id) }
    }

    /// Delivery only in cash markets, carrying forward only in derivatives.
    static func checkProduct(_ product: Product, _ terms: InstrumentState.Terms) throws(VenueRefusal) {
        let isAllowed =
            switch product {
            case .intraday: true
            case .delivery, .marginFunded: terms.kind == .equity
            case .carryForward: terms.kind != .equity
            case .cover: false
            }
        guard isAllowed else { throw .productNotAllowed(terms.exchange, product) }
    }

    /// Quantity, then price, trigger and protection.
    static func check(
        _ draft: Draft, _ terms: InstrumentState.Terms, last: Int64
    ) throws(VenueRefusal) {
        if case .minutes(let minutes) = draft.timeInForce, !(1...minutesLimit ~= minutes) {
            throw .timeInForceNotOffered
        }
        guard draft.quantity > 0 else { throw .quantityNotPositive }
        guard draft.quantity % terms.lot == 0 else { throw .offLot(lot: Quantity(terms.lot)) }
        let dearest = max(draft.price ?? 0, draft.trigger ?? 0, last, 1)
        guard draft.quantity <= worthLimit / dearest, terms.kind == .equity || draft.quantity <= derivativeLimit else {
            throw .orderTooLarge
        }
        if draft.type.needsPrice {
            guard let price = draft.price, price > 0 else { throw .priceMissing }
            guard price % terms.tick == 0 else { throw .priceOffTick(tick: Price(tenThousandths: terms.tick)) }
        } else if draft.type == .market || draft.type == .stopMarket {
            try checkProtection(draft.protection)
        }
        if draft.type.needsTrigger { try checkTrigger(draft, terms, last: last) }
    }

    private static func checkProtection(_ protection: MarketProtection?) throws(VenueRefusal) {
        switch protection {
        case .automatic: return
        case .basisPoints(let points):
            guard points != 0 else { throw .protectionMissing }
            guard 1...10_000 ~= points else { throw .protectionOutOfRange }
        case nil: throw .protectionMissing
        }
    }

    private static func checkTrigger(
        _ draft: Draft, _ terms: InstrumentState.Terms, last: Int64
    ) throws(VenueRefusal) {
        guard let trigger = draft.trigger, trigger > 0 else { throw .triggerMissing }
        guard trigger % terms.tick == 0 else { throw .triggerOffTick(tick: Price(tenThousandths: terms.tick)) }
        if draft.isTriggerNew, (trigger - last) * draft.side.sign <= 0 {
            throw .triggerOnWrongSide(draft.side, lastPrice: Price(tenThousandths: last))
        }
        if draft.side == .buy, trigger > terms.upperCircuit {
            throw .triggerBeyondCircuit(.buy, limit: Price(tenThousandths: terms.upperCircuit))
        }
        if draft.side == .sell, trigger < terms.lowerCircuit {
            throw .triggerBeyondCircuit(.sell, limit: Price(tenThousandths: terms.lowerCircuit))
        }
        if draft.type == .stopLimit, let price = draft.price, (trigger - price) * draft.side.sign > 0 {
            throw .triggerBeyondPrice(draft.side)
        }
    }

    /// What the exchange itself refuses, after the broker has taken the order.
    static func exchangeRefusal(
        quantity: Int64, price: Int64?, _ terms: InstrumentState.Terms
    ) -> VenueRefusal? {
        if let limit = terms.freezeQuantity, quantity > limit {
            return .overFreezeQuantity(limit: Quantity(limit))
        }
        guard let price else { return nil }
        if price < terms.lowerCircuit { return .belowCircuit(limit: Price(tenThousandths: terms.lowerCircuit)) }
        if price > terms.upperCircuit { return .aboveCircuit(limit: Price(tenThousandths: terms.upperCircuit)) }
        return nil
    }
}
