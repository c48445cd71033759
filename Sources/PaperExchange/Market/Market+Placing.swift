import Trading

extension Market {
    /// Places an order. The checks come in the order in which they stand here.
    mutating func place(
        _ request: VenueOrderRequest, for id: String, at now: Timestamp
    ) throws(VenueRefusal) -> String {
        guard let account = account(id) else { throw .unknownAccount(id) }
        let terms = request.terms
        guard (request.tag ?? "").count <= 20 else { throw .tagTooLong }
        guard let row = listing.row(of: terms.instrument) else { throw .unknownInstrument(terms.instrument) }
        let slot = slot(ofRow: row, at: now)
        let instrument = states[slot].terms
        try OrderRules.checkInstrument(instrument, terms.instrument)
        let waits = request.variety == .afterMarket
        guard waits || hours.isOpen(instrument.exchange, at: now) else { throw .marketClosed }
        try check(request, of: account, in: slot)
        let entry = accounts[account].place(
            of: instrument, slot: slot, product: request.bookedProduct, id: terms.instrument)
        let leg = VarietyRules.firstLeg(of: request, lot: instrument.lot)
        try checkHoldings(terms, account: account, entry: entry, instrument, at: now)
        let worth = (quantity: (leg?.quantity ?? terms.quantity).units, price: fundingPrice(terms, slot))
        try checkFunds(account: account, entry: entry, side: terms.side, replacing: (0, 0), with: worth, at: now)

        let order = add(request, account: account, entry: entry, slot: slot, at: now)
        if let leg { become(leg, order) }
        if request.variety == .cover { orders[order].role = .coverEntry(exit: nil) }
        if waits { wait(order, at: now) } else { enter(order, at: now) }
        return String(orders[order].number)
    }

    /// What can be said of an order without looking at the account's money: product, prices, variety.
    private func check(_ request: VenueOrderRequest, of account: Int, in slot: Int) throws(VenueRefusal) {
        let order = request.terms
        let (terms, last) = (states[slot].terms, states[slot].last)
        if request.variety == .cover {
            guard order.product == .intraday || order.product == .cover else {
                throw .productNotAllowed(terms.exchange, order.product)
            }
        } else {
            try OrderRules.checkProduct(order.product, terms)
        }
        try OrderRules.check(OrderRules.Draft(order), terms, last: last)
        try VarietyRules.check(request, terms)
        switch request.variety {
        case .cover:
            try VarietyRules.checkCoverTrigger(
                order.triggerPrice?.tenThousandths, side: order.side,
                price: order.type == .limit ? order.price?.tenThousandths : nil, terms, last: last)
        case .auction(let number):
            let isListed = auctions(of: account).contains {
                $0.number == number && $0.instrument == order.instrument
            }
            guard isListed else { throw .unknownAuction(number) }
        case .regular, .afterMarket, .iceberg: break
        }
    }

    /// Gives an order its number and puts it among the account's.
    mutating func add(
        _ request: VenueOrderRequest, account: Int, entry: Int, slot: Int, at now: Timestamp
    ) -> Int {
        let number = nextOrderNumber(at: now)
        orders.append(
            LiveOrder(number: number, account: account, entry: entry, slot: slot, request: request, now: now))
        accounts[account].orders.append(orders.count - 1)
        return orders.count - 1
    }

    /// The exchange's part: its own checks, then the book or the stop orders.
    mutating func enter(_ order: Int, at now: Timestamp) {
        let slot = orders[order].slot
        if orders[order].state.type == .market { protect(order) }
        if let refusal = OrderRules.exchangeRefusal(
            quantity: orders[order].state.quantity, price: orders[order].state.price, states[slot].terms)
        {
            reject(order, refusal, at: now)
            return
        }
        orders[order].exchangeNumber = nextExchangeNumber()
        if case .minutes(let minutes) = orders[order].state.timeInForce {
            let deadline = orders[order].deadline ?? now.advanced(by: .seconds(60 * minutes))
            orders[order].deadline = deadline
            timed.append((order, deadline))
        }
        work(order, at: now)
        triggerStops(slot, at: now)
    }

    /// Ends an order that has a row already.
    mutating func reject(_ order: Int, _ refusal: VenueRefusal, at now: Timestamp) {
        orders[order].become(.rejected, at: now, message: refusal.description)
        settlePending(order)
        announce(order, .rejected)
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
    func fundingPrice(_ terms: OrderRequest, _ slot: Int) -> Int64 {
        switch terms.type {
        case .limit, .stopLimit: terms.price?.tenThousandths ?? 0
        case .stopMarket: terms.triggerPrice?.tenThousandths ?? 0
        case .market: states[slot].last
        }
    }

    func checkHoldings(
        _ terms: OrderRequest, account: Int, entry: Int, _ instrument: InstrumentState.Terms, at now: Timestamp
    ) throws(VenueRefusal) {
        guard instrument.kind == .equity, terms.product.takesDelivery, terms.side == .sell else { return }
        let held = accounts[account].sellable(terms.instrument, at: entry)
        guard terms.quantity <= held else {
            throw .insufficientHoldings(asked: terms.quantity, held: max(held, 0))
        }
        try checkAuthorisation(terms, account: account, entry: entry, at: now)
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
