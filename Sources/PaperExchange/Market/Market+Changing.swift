import Trading

extension Market {
    /// Changes a working order; see `Venue.modify`.
    mutating func modify(
        _ id: String, _ change: OrderChange, protection: MarketProtection?, for account: String, at now: Timestamp
    ) throws(VenueRefusal) {
        let order = try openOrder(id, of: account) { .notModifiable($0) }
        let slot = orders[order].slot
        refresh(slot, at: now)
        guard orders[order].modifications < OrderRules.modificationLimit else { throw .tooManyModifications }
        let terms = states[slot].terms
        let isWaiting = orders[order].state.status == .afterMarketReceived
        guard isWaiting || hours.isOpen(terms.exchange, at: now) else { throw .marketClosed }
        try checkVariety(of: change, to: order)
        let draft = draft(of: order, change, protection: protection)
        try OrderRules.check(draft, terms, last: states[slot].last)
        try VarietyRules.checkDisclosed(change.disclosedQuantity, of: draft.quantity, terms)
        try checkCoverTrigger(draft, of: order)
        let filled = orders[order].state.filled
        guard draft.quantity > filled else { throw .quantityBelowFilled(filled: Quantity(filled)) }
        // A working order stays as it is where the exchange would refuse its new terms.
        if let refusal = OrderRules.exchangeRefusal(
            quantity: draft.quantity, price: draft.type == .market ? nil : draft.price, terms)
        {
            throw refusal
        }
        try checkHoldings(more: draft.quantity, of: order, terms, at: now)
        let price = draft.price ?? draft.trigger ?? states[slot].last
        try checkFunds(
            account: orders[order].account, entry: orders[order].entry, side: draft.side,
            replacing: orders[order].counted, with: (draft.quantity - filled, price), at: now)
        if let disclosed = change.disclosedQuantity { orders[order].state.disclosed = disclosed.units }
        apply(draft, to: order, at: now)
        triggerStops(slot, at: now)
    }

    /// Takes what is left of a working order out of the book; see `Venue.cancel`.
    mutating func cancel(_ id: String, for account: String, at now: Timestamp) throws(VenueRefusal) {
        let order = try openOrder(id, of: account) { .notCancellable($0) }
        if orders[order].isCoverExit { return try exitCover(order, at: now) }
        withdraw(order)
        orders[order].become(.cancelPending, at: now)
        end(order, at: now, nil)
        touch(orders[order].slot, at: now)
    }

    /// More shares on sale have to be held, and let go of, like those of a new order.
    private func checkHoldings(
        more quantity: Int64, of order: Int, _ terms: InstrumentState.Terms, at now: Timestamp
    ) throws(VenueRefusal) {
        let present = orders[order]
        guard quantity > present.state.quantity else { return }
        var added = present.request.terms
        added.quantity = Quantity(quantity - present.state.quantity)
        try checkHoldings(added, account: present.account, entry: present.entry, terms, at: now)
    }

    private func openOrder(
        _ id: String, of account: String, else refusal: (VenueOrderStatus) -> VenueRefusal
    ) throws(VenueRefusal) -> Int {
        guard let order = order(id, of: account) else { throw .unknownOrder(id) }
        guard !orders[order].state.status.isTerminal else { throw refusal(orders[order].state.status) }
        return order
    }

    /// What the variety keeps from being changed; naming a term as it stands changes nothing.
    private func checkVariety(of change: OrderChange, to order: Int) throws(VenueRefusal) {
        let present = orders[order]
        let variety = present.request.variety
        func isNew<Term: Equatable>(_ term: Term?, _ known: Term...) -> Bool {
            term.map { !known.contains($0) } ?? false
        }
        switch variety {
        case .regular, .afterMarket: return
        case .iceberg: break
        case .auction, .cover:
            if isNew(change.type, present.state.type, present.request.terms.type) {
                throw .termNotAllowed("order_type", variety: variety)
            }
            if isNew(change.timeInForce, present.state.timeInForce) {
                throw .termNotAllowed("validity", variety: variety)
            }
        }
        if variety.hasFixedQuantity, isNew(change.quantity, Quantity(present.state.quantity)) {
            throw .termNotAllowed("quantity", variety: variety)
        }
        // From the first fill on, the stop loss is an order of its own and is changed there.
        if case .coverEntry(exit: _?) = present.role,
            isNew(change.triggerPrice?.tenThousandths, present.state.trigger ?? 0)
        {
            throw .termNotAllowed("trigger_price", variety: variety)
        }
    }

    private func checkCoverTrigger(_ draft: OrderRules.Draft, of order: Int) throws(VenueRefusal) {
        let present = orders[order]
        guard case .coverEntry(exit: nil) = present.role,
            draft.trigger != present.state.trigger || draft.price != present.state.price
        else { return }
        try VarietyRules.checkCoverTrigger(
            draft.trigger, side: draft.side, price: present.state.protection == nil ? draft.price : nil,
            states[present.slot].terms, last: states[present.slot].last)
    }

    /// The order as it would be after a change.
    private func draft(of order: Int, _ change: OrderChange, protection: MarketProtection?) -> OrderRules.Draft {
        let present = orders[order]
        var draft = OrderRules.Draft(present.request.terms)
        draft.quantity = change.quantity?.units ?? present.state.quantity
        draft.timeInForce = change.timeInForce ?? present.state.timeInForce
        draft.type = change.type ?? present.state.type
        // A market order works as a limit order: naming its type again does not start it anew.
        if draft.type == .market, present.state.type == .limit, present.state.protection != nil {
            draft.type = .limit
        }
        draft.price = change.price?.tenThousandths ?? present.state.price
        draft.trigger = change.triggerPrice?.tenThousandths ?? present.state.trigger
        // So does a stop that was set off, unless it is given another trigger.
        if draft.type.needsTrigger, present.state.type == .limit, let known = present.state.trigger,
            draft.trigger == known
        {
            draft.type = .limit
        }
        draft.isTriggerNew = draft.trigger != present.state.trigger || !present.state.type.needsTrigger
        draft.protection = protection ?? present.protectionAsked
        // A stop loss of which only the trigger is moved keeps its distance.
        if present.isCoverExit, draft.isTriggerNew, change.price == nil, draft.type == .stopLimit,
            let trigger = draft.trigger
        {
            draft.price = exitPrice(trigger, side: present.side, slot: present.slot)
        }
        return draft
    }

    private mutating func apply(_ draft: OrderRules.Draft, to order: Int, at now: Timestamp) {
        let slot = orders[order].slot
        let before = orders[order].state
        let isWaiting = before.status == .afterMarketReceived
        let isCoverEntry = orders[order].isCoverEntry
        let keepsPlace =
            isWaiting
            || draft.type == before.type && draft.quantity <= before.quantity
                && (draft.trigger == before.trigger || isCoverEntry)
                && (draft.price == before.price || !draft.type.needsPrice) && draft.timeInForce == before.timeInForce
        if !keepsPlace { withdraw(order) }
        orders[order].modifications += 1
        orders[order].protectionAsked = draft.protection
        orders[order].state.isModified = true
        orders[order].state.quantity = draft.quantity
        orders[order].state.timeInForce = draft.timeInForce
        orders[order].state.type = draft.type
        orders[order].state.price = draft.type.needsPrice ? draft.price : nil
        orders[order].state.trigger =
            draft.type.needsTrigger || isCoverEntry ? draft.trigger : draft.type == before.type ? before.trigger : nil
        if draft.type == .market, !isWaiting { protect(order) }
        if draft.timeInForce != before.timeInForce, !isWaiting { reschedule(order, at: now) }
        orders[order].become(.modified, at: now)
        if keepsPlace {
            if before.status == .open, let price = before.price {
                states[slot].book.reduce(
                    order: order, side: orders[order].side, price: price, to: orders[order].state.remaining)
            }
            orders[order].become(before.status, at: now)
            settlePending(order)
            announce(order, .modified)
            touch(slot, at: now)
        } else {
            announce(order, .modified)
            work(order, at: now)
            touch(slot, at: now)
        }
    }

    private mutating func reschedule(_ order: Int, at now: Timestamp) {
        timed.removeAll { $0.order == order }
        orders[order].deadline = nil
        if case .minutes(let minutes) = orders[order].state.timeInForce {
            let deadline = now.advanced(by: .seconds(60 * minutes))
            orders[order].deadline = deadline
            timed.append((order, deadline))
        }
    }

    /// Takes an order out of the book, the stop orders or those that wait for the session.
    mutating func withdraw(_ order: Int) {
        let slot = orders[order].slot
        if orders[order].state.status == .afterMarketReceived {
            waiting.removeAll { $0 == order }
        } else if orders[order].state.status == .triggerPending {
            states[slot].stops.removeAll { $0 == order }
        } else if let price = orders[order].state.price {
            states[slot].book.remove(order: order, side: orders[order].side, price: price)
        }
    }
}
