import Trading

/// After-market orders.
extension Market {
    /// Keeps an order for the session; what it will need is tied up meanwhile.
    mutating func wait(_ order: Int, at now: Timestamp) {
        orders[order].become(.afterMarketReceived, at: now)
        waiting.append(order)
        settlePending(order)
    }

    /// Sends on what waited for sessions that are open now, in the order of placement.
    mutating func releaseWaiting(at now: Timestamp) {
        guard !waiting.isEmpty else { return }
        let (before, kept) = (waiting, hours)
        waiting = before.filter { !kept.isOpen(states[orders[$0].slot].terms.exchange, at: now) }
        for order in before where kept.isOpen(states[orders[order].slot].terms.exchange, at: now) {
            refresh(orders[order].slot, at: now)
            enter(order, at: now)
            touch(orders[order].slot, at: now)
        }
    }
}

/// What fills of one order mean to its companions.
extension Market {
    /// Sends the legs that follow filled ones, and keeps stop losses at what their cover orders have filled.
    mutating func runFollowUps(at now: Timestamp) {
        while !followUps.isEmpty {
            let order = followUps.removeFirst()
            switch orders[order].role {
            case .alone, .iceberg(_, next: _?), .coverExit: break
            case .iceberg(let leg, next: nil):
                if orders[order].state.status == .complete, let next = leg.next {
                    send(next, after: order, at: now)
                }
            case .coverEntry(let exit):
                if let exit { extend(exit, to: orders[order].state.filled) } else { protectFills(of: order, at: now) }
            }
        }
    }

    /// Makes an order a leg of an iceberg order.
    mutating func become(_ leg: IcebergLeg, _ order: Int) {
        orders[order].role = .iceberg(leg, next: nil)
        orders[order].state.quantity = leg.quantity.units
    }

    /// Sends the leg behind a filled one, on the terms that the filled one had last. A stop that was set off stays
    /// off, a market order is protected anew, and a validity in minutes is that of the whole order.
    private mutating func send(_ leg: IcebergLeg, after filled: Int, at now: Timestamp) {
        let before = orders[filled]
        if let deadline = before.deadline, deadline <= now { return }
        let slot = before.slot
        var request = before.request
        let isMarket = before.state.protection != nil
        request.terms.type = isMarket ? .market : .limit
        request.terms.price = isMarket ? nil : before.state.price.map(Price.init(tenThousandths:))
        request.terms.triggerPrice = nil
        request.terms.timeInForce = before.state.timeInForce
        request.terms.quantity = leg.quantity
        request.terms.disclosedQuantity = Quantity(min(before.state.disclosed, leg.quantity.units))
        request.terms.marketProtection = isMarket ? before.protectionAsked ?? .automatic : nil
        let order = add(request, account: before.account, entry: before.entry, slot: slot, at: now)
        become(leg, order)
        orders[order].deadline = before.deadline
        orders[filled].role = .iceberg(before.icebergLeg ?? leg, next: order)
        do {
            try checkHoldings(
                request.terms, account: before.account, entry: before.entry, states[slot].terms, at: now)
            try checkFunds(
                account: before.account, entry: before.entry, side: before.side, replacing: (0, 0),
                with: (leg.quantity.units, fundingPrice(request.terms, slot)), at: now)
            enter(order, at: now)
        } catch {
            reject(order, error, at: now)
        }
    }
}

/// Cover orders: a first leg, and a stop loss that closes what it has filled.
extension Market {
    /// Places the stop loss for the first fill of a cover order.
    private mutating func protectFills(of entry: Int, at now: Timestamp) {
        let first = orders[entry]
        guard first.state.filled > 0, let trigger = first.state.trigger else { return }
        var request = first.request
        // The sender's label stays with the first leg alone, so that it goes on naming one order.
        request.tag = nil
        request.tags = []
        request.parentID = String(first.number)
        request.terms.side = first.side.opposite
        request.terms.type = .stopLimit
        request.terms.quantity = Quantity(first.state.filled)
        request.terms.triggerPrice = Price(tenThousandths: trigger)
        request.terms.price = Price(tenThousandths: exitPrice(trigger, side: first.side.opposite, slot: first.slot))
        request.terms.disclosedQuantity = nil
        request.terms.marketProtection = nil
        let exit = add(request, account: first.account, entry: first.entry, slot: first.slot, at: now)
        orders[exit].role = .coverExit(entry: entry)
        orders[entry].role = .coverEntry(exit: exit)
        enter(exit, at: now)
    }

    /// The limit of a stop loss: as far behind its trigger as a market order may walk.
    func exitPrice(_ trigger: Int64, side: Side, slot: Int) -> Int64 {
        let terms = states[slot].terms
        let isOption = terms.kind == .call || terms.kind == .put
        let basisPoints = Protection.automaticBasisPoints(isOption: isOption, lastPrice: trigger)
        return Protection.limit(side, basisPoints: basisPoints, terms: terms, lastPrice: trigger)
    }

    /// Lets a stop loss that still waits close all that its cover order has filled.
    private mutating func extend(_ exit: Int, to filled: Int64) {
        guard orders[exit].state.status == .triggerPending, orders[exit].state.quantity < filled else { return }
        orders[exit].state.quantity = filled
        settlePending(exit)
    }

    /// Takes back what is left of the first leg, once its stop loss is on its way.
    mutating func endEntry(ofExit exit: Int, at now: Timestamp) {
        guard case .coverExit(let entry) = orders[exit].role, !orders[entry].state.status.isTerminal else { return }
        withdraw(entry)
        orders[entry].become(.cancelPending, at: now)
        end(entry, at: now, "The rest was cancelled: the cover order is being closed.")
    }

    /// Closes a cover order's position: its stop loss becomes a protected market order.
    mutating func exitCover(_ order: Int, at now: Timestamp) throws(VenueRefusal) {
        let slot = orders[order].slot
        guard hours.isOpen(states[slot].terms.exchange, at: now) else { throw .marketClosed }
        refresh(slot, at: now)
        endEntry(ofExit: order, at: now)
        withdraw(order)
        orders[order].protectionAsked = .automatic
        orders[order].state.isModified = true
        orders[order].state.type = .market
        protect(order)
        orders[order].become(.modified, at: now)
        announce(order, .modified)
        work(order, at: now)
        touch(slot, at: now)
        triggerStops(slot, at: now)
    }
}
