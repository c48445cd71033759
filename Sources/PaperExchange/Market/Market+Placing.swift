import Trading

extension Market {
    /// Places an order. The checks come in the order in which they stand here.
    mutating func place(
        _ request: VenueOrderRequest, for id: String, at now: Timestamp
    ) throws(VenueRefusal) -> String {
        guard let account = account(id) else { throw .unknownAccount(id) }
        let terms = request.terms
        guard request.variety == "regular" else { throw .varietyNotOffered(request.variety) }
        guard (request.tag ?? "").count <= 20 else { throw .tagTooLong }
        guard let row = listing.row(of: terms.instrument) else { throw .unknownInstrument(terms.instrument) }
        let slot = slot(ofRow: row, at: now)
        let instrument = states[slot].terms
        try OrderRules.checkInstrument(instrument, terms.instrument)
        guard hours.isOpen(instrument.exchange, at: now) else { throw .marketClosed }
        try OrderRules.checkProduct(terms.product, instrument)
        try OrderRules.check(OrderRules.Draft(terms), instrument, last: states[slot].last)
        let entry = accounts[account].place(
            of: instrument, slot: slot, product: terms.product, id: terms.instrument)
        let worth = (quantity: terms.quantity.units, price: fundingPrice(terms, slot))
        try checkHoldings(terms, account: account, entry: entry, instrument)
        try checkFunds(account: account, entry: entry, side: terms.side, replacing: (0, 0), with: worth, at: now)

        let order = orders.count
        orders.append(
            LiveOrder(
                number: nextOrderNumber(at: now), account: account, entry: entry, slot: slot, request: request,
                now: now))
        accounts[account].orders.append(order)
        enter(order, at: now)
        return String(orders[order].number)
    }

    /// The exchange's part: its own checks, then the book or the stop orders.
    private mutating func enter(_ order: Int, at now: Timestamp) {
        let slot = orders[order].slot
        if orders[order].state.type == .market { protect(order) }
        if let refusal = OrderRules.exchangeRefusal(
            quantity: orders[order].state.quantity, price: orders[order].state.price, states[slot].terms)
        {
            orders[order].become(.rejected, at: now, message: refusal.description)
            announce(order, .rejected)
            return
        }
        orders[order].exchangeNumber = nextExchangeNumber()
        if case .minutes(let minutes) = orders[order].state.timeInForce {
            timed.append((order, now.advanced(by: .seconds(60 * minutes))))
        }
        work(order, at: now)
        triggerStops(slot, at: now)
    }

    /// Puts an order that passed all checks where it belongs.
    mutating func work(_ order: Int, at now: Timestamp) {
        let slot = orders[order].slot
        if orders[order].state.type.needsTrigger {
            orders[order].become(.triggerPending, at: now)
            states[slot].stops.append(order)
            activate(slot)
            settlePending(order)
        } else {
            orders[order].state.type = .limit
            orders[order].become(.open, at: now)
            settlePending(order)
            match(order, at: now)
        }
    }

    /// The price at which an order's worth is counted before it is taken.
    private func fundingPrice(_ terms: OrderRequest, _ slot: Int) -> Int64 {
        switch terms.type {
        case .limit, .stopLimit: terms.price?.tenThousandths ?? 0
        case .stopMarket: terms.triggerPrice?.tenThousandths ?? 0
        case .market: states[slot].last
        }
    }

    private func checkHoldings(
        _ terms: OrderRequest, account: Int, entry: Int, _ instrument: InstrumentState.Terms
    ) throws(VenueRefusal) {
        guard instrument.kind == .equity, terms.product != .intraday, terms.side == .sell else { return }
        let held = accounts[account].sellable(terms.instrument, at: entry)
        guard terms.quantity <= held else {
            throw .insufficientHoldings(asked: terms.quantity, held: max(held, 0))
        }
    }

    mutating func checkFunds(
        account: Int, entry: Int, side: Side, replacing counted: (quantity: Int64, price: Int64),
        with added: (quantity: Int64, price: Int64), at now: Timestamp
    ) throws(VenueRefusal) {
        let more = additionalRequirement(
            account: account, entry: entry, side: side, replacing: counted, with: added)
        guard more > .zero else { return }
        let net = funds(account, at: now).net
        guard more <= net else { throw .insufficientFunds(required: more, available: net) }
    }
}
